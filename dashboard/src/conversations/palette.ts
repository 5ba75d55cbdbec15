import { toPlainText } from "@foyer/protocol/markdown/plain";
import { MessageSquare } from "lucide";
import { displayName } from "../contacts/public/displayName";
import { common } from "../core/messages";
import type { PaletteSource } from "../core/module";
import { navigate } from "../core/router";
import { m } from "./messages";
import { byId } from "./store";

/** The conversations that are known here, the latest first. */
const source: PaletteSource = {
  items: () =>
    Object.values(byId.value)
      .sort((a, b) => (a.last_activity_at < b.last_activity_at ? 1 : -1))
      .map((one) => ({
        id: one.id,
        label: displayName(one.contact),
        group: common.groups.conversations,
        icon: MessageSquare,
        note: one.last_message ? toPlainText(one.last_message.text) : m.status[one.status],
        keywords: `${one.contact.email ?? ""} ${one.last_message?.text ?? ""}`,
        run: () => navigate(`/conversations/${one.id}`),
      })),
};

export default source;

import type { Contact, Page } from "@foyer/protocol";
import { UserRound } from "lucide";
import { common } from "../core/messages";
import type { PaletteSource } from "../core/module";
import { navigate } from "../core/router";
import { http } from "../core/session";
import { displayName } from "./public/displayName";

const MAX_ITEMS = 8;

/** The contacts that the server finds. */
const source: PaletteSource = {
  search: async (query, signal) => {
    const page = await http.get<Page<Contact>>(
      "/v1/contacts",
      { query, limit: MAX_ITEMS },
      { signal },
    );
    return page.data.map((contact) => ({
      id: contact.id,
      label: displayName(contact),
      group: common.groups.contacts,
      icon: UserRound,
      note: contact.email ?? contact.phone ?? undefined,
      run: () => navigate(`/contacts/${contact.id}`),
    }));
  },
};

export default source;

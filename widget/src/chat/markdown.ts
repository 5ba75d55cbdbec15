/** A message's text, as `docs/messages.md` tells. */

import { parseMarkdown } from "@foyer/protocol/markdown/parse";
import { renderMarkdown } from "@foyer/protocol/markdown/render";
import { h, type VNode } from "preact";
import { t } from "./i18n.ts";

export function Markdown({ text }: { text: string }) {
  return renderMarkdown<VNode>(parseMarkdown(text), h, t("code"));
}

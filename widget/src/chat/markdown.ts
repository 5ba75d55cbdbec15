/** A message's text, as `docs/messages.md` tells. */

import { renderMarkdown } from "@foyer/protocol/markdown/draw";
import { parseMarkdown } from "@foyer/protocol/markdown/parse";
import { h, type VNode } from "preact";
import { t } from "./words.ts";

export function Markdown({ text }: { text: string }) {
  return renderMarkdown<VNode>(parseMarkdown(text), h, t("code"));
}

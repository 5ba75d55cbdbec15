/** A message's text, as `docs/messages.md` tells. */

import { draw } from "@foyer/protocol/markdown/draw";
import { parse } from "@foyer/protocol/markdown/parse";
import { h, type VNode } from "preact";
import { t } from "./words.ts";

export function Markdown({ text }: { text: string }) {
  return draw<VNode>(parse(text), h, t("code"));
}

/** A message's text, as `docs/messages.md` tells. */

import { draw } from "@foyer/protocol/markdown/draw";
import { parse } from "@foyer/protocol/markdown/parse";
// `h` is there already: the build writes it into every file (vite.config.ts).
import { h as make, type VNode } from "preact";
import { t } from "./words.ts";

export function Markdown({ text }: { text: string }) {
  return draw<VNode>(parse(text), make, t("code"));
}

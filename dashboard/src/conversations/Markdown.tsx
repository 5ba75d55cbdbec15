import { draw } from "@foyer/protocol/markdown/draw";
import { parse } from "@foyer/protocol/markdown/parse";
import { h, type VNode } from "preact";
import { useMemo } from "preact/hooks";
import { m } from "./messages";

/** A message's text, as `docs/messages.md` tells. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parse(text), [text]);
  return draw<VNode>(blocks, h, m.code);
}

import { parseMarkdown } from "@foyer/protocol/markdown/parse";
import { renderMarkdown } from "@foyer/protocol/markdown/render";
import { h, type VNode } from "preact";
import { useMemo } from "preact/hooks";
import { m } from "./messages";

/** A message's text, as `docs/messages.md` tells. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return renderMarkdown<VNode>(blocks, h, m.code);
}

/** A message's text on one line without its marks: for lists, previews and notifications. */

import { parse } from "./parse.ts";
import { type Block, wordsOf } from "./tree.ts";

export function plain(text: string): string {
  return parse(whole(text)).map(textOf).join(" ").replace(/\s+/g, " ").trim();
}

/** The server cuts long texts for its lists; a link that was cut in its address is made whole. */
function whole(text: string): string {
  const at = text.endsWith("…") ? text.lastIndexOf("](") : -1;
  return at > 0 && !/[\s)]/.test(text.slice(at)) ? `${text.slice(0, -1)})…` : text;
}

function textOf(block: Block): string {
  if (block.tag === "pre") return block.text;
  if (block.tag === "p") return wordsOf(block.children);
  if (block.tag === "blockquote") return block.children.map(textOf).join(" ");
  const { items, after } = block;
  return items
    .map(
      ({ number, children }) =>
        (after ? `${number}${after} ` : "") + children.map(textOf).join(" "),
    )
    .join(" ");
}

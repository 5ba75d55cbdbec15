/** A message's text on one line without its marks: for lists, previews and notifications. */

import { parseMarkdown } from "./parse.ts";
import { type Block, inlineText } from "./tree.ts";

export function toPlainText(text: string): string {
  return parseMarkdown(repairLink(text)).map(blockText).join(" ").replace(/\s+/g, " ").trim();
}

/** The server cuts long texts for its lists; a link that was cut in its address is made whole. */
function repairLink(text: string): string {
  const at = text.endsWith("…") ? text.lastIndexOf("](") : -1;
  return at > 0 && !/[\s)]/.test(text.slice(at)) ? `${text.slice(0, -1)})…` : text;
}

function blockText(block: Block): string {
  if (block.tag === "pre") return block.text;
  if (block.tag === "p") return inlineText(block.children);
  if (block.tag === "blockquote") return block.children.map(blockText).join(" ");
  const { items, after } = block;
  return items
    .map(
      ({ number, children }) =>
        (after ? `${number}${after} ` : "") + children.map(blockText).join(" "),
    )
    .join(" ");
}

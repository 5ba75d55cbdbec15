/** A tree as short arrays, as `messages.json` has it: `["strong", "bold"]`, `["a", href, "text"]`. */

import type { Block, Inline } from "../src/markdown/tree.ts";

type Compact = string | number | { [key: string]: string | true } | Compact[];

export function compact(blocks: Block[]): Compact[] {
  return blocks.map((block): Compact => {
    if (block.tag === "p") return ["p", ...inlines(block.children)];
    if (block.tag === "pre") return ["pre", block.language, block.text];
    if (block.tag === "blockquote") return ["blockquote", ...compact(block.children)];
    if (block.tag === "ul") return ["ul", ...block.items.map((item) => compact(item.children))];
    const items = block.items.map(({ number, children }) => [
      `${number}${block.after}`,
      ...compact(children),
    ]);
    return ["ol", ...items];
  });
}

function inlines(children: Inline[]): Compact[] {
  return children.map((one): Compact => {
    if (typeof one === "string") return one;
    if (one.tag === "code") return ["code", one.text];
    if (one.tag !== "a") return [one.tag, ...inlines(one.children)];
    const { href, named, host } = one;
    const more = { ...(named && { named }), ...(host && { host }) };
    return ["a", href, ...(Object.keys(more).length ? [more] : []), ...inlines(one.children)];
  });
}

/** A message's tree as elements of whichever library makes them; never as HTML text. */

import type { Block, Inline, Link, List } from "./tree.ts";

type Props = Record<string, unknown>;
type Make<E> = (tag: string, props: Props | null, ...children: (E | string)[]) => E;

/** The elements of a message. `code` is what a block of code is called. */
export function draw<E>(blocks: Block[], make: Make<E>, code: string): E {
  const words = (children: Inline[]): (E | string)[] =>
    children.map((one) => {
      if (typeof one === "string") return one;
      if (one.tag === "code") return make("code", null, one.text);
      if (one.tag === "a") return make("a", linkProps(one), ...words(one.children), hostOf(one));
      return make(one.tag, null, ...words(one.children));
    });
  const element = (block: Block): E => {
    if (block.tag === "p") return make("p", { dir: "auto" }, ...words(block.children));
    if (block.tag === "pre") {
      const named = { role: "group", "aria-label": code, "data-language": block.language || null };
      const props = { dir: "ltr", ref: reachable, ...named };
      return make("pre", props, make("code", null, block.text));
    }
    if (block.tag === "blockquote") {
      return make("blockquote", { dir: "auto" }, ...block.children.map(element));
    }
    const items = block.items.map(({ number, children: [first, ...others] }) =>
      make(
        "li",
        block.after ? { value: number } : null,
        ...(first?.tag === "p" ? words(first.children) : first ? [element(first)] : []),
        ...others.map(element),
      ),
    );
    return make(block.tag, listProps(block), ...items);
  };
  return make("div", { class: "markdown" }, ...blocks.map(element));
}

function linkProps({ href, named }: Link): Props {
  // Words don't say where they lead.
  return { href, dir: "auto", target: "_blank", rel: RELATION, title: named ? href : null };
}

const RELATION = "noopener noreferrer nofollow ugc";

const hostOf = ({ host }: Link) => (host ? ` (${host})` : "");

function listProps({ after, items }: List): Props {
  if (!after) return { dir: "auto" };
  return { dir: "auto", start: items[0]?.number, class: after === ")" ? "bracketed" : null };
}

/** Code wider than its place is reached with the Tab key, to be scrolled with the others; no other is. */
function reachable(pre: HTMLElement | null): void {
  if (!pre) return;
  new ResizeObserver(() => {
    pre.tabIndex = pre.scrollWidth > pre.clientWidth ? 0 : -1;
  }).observe(pre);
}

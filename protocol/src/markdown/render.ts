/** A message's tree as elements of whichever library makes them; never as HTML text. */

import type { Block, Inline, Link, List } from "./tree.ts";

type Props = Record<string, unknown>;
type CreateElement<E> = (tag: string, props: Props | null, ...children: (E | string)[]) => E;

/** The elements of a message. `code` is what a block of code is called. */
export function renderMarkdown<E>(
  blocks: Block[],
  createElement: CreateElement<E>,
  code: string,
): E {
  const renderInline = (children: Inline[]): (E | string)[] =>
    children.map((one) => {
      if (typeof one === "string") return one;
      if (one.tag === "code") return createElement("code", { dir: "ltr" }, one.text);
      if (one.tag === "a")
        return createElement("a", linkProps(one), ...renderInline(one.children), hostOf(one));
      return createElement(one.tag, null, ...renderInline(one.children));
    });
  const renderBlock = (block: Block): E => {
    if (block.tag === "p")
      return createElement("p", { dir: "auto" }, ...renderInline(block.children));
    if (block.tag === "pre") {
      const labelProps = {
        role: "group",
        "aria-label": code,
        "data-language": block.language || null,
      };
      const props = { dir: "ltr", ref: focusWhenScrollable, ...labelProps };
      return createElement("pre", props, createElement("code", null, block.text));
    }
    if (block.tag === "blockquote") {
      return createElement("blockquote", { dir: "auto" }, ...block.children.map(renderBlock));
    }
    const items = block.items.map(({ number, children: [first, ...others] }) =>
      createElement(
        "li",
        block.after ? { value: number } : null,
        ...(first?.tag === "p" ? renderInline(first.children) : first ? [renderBlock(first)] : []),
        ...others.map(renderBlock),
      ),
    );
    return createElement(block.tag, listProps(block), ...items);
  };
  return createElement("div", { class: "markdown" }, ...blocks.map(renderBlock));
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
function focusWhenScrollable(pre: HTMLElement | null): void {
  if (!pre) return;
  new ResizeObserver(() => {
    pre.tabIndex = pre.scrollWidth > pre.clientWidth ? 0 : -1;
  }).observe(pre);
}

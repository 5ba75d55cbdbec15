/**
 * What a message says, as a tree. `docs/messages.md` tells the grammar; `tests/messages.json` is its
 * table of examples. Strings are text, with the writer's own spaces and line breaks.
 */

export type Inline = string | Mark | Code | Link;

export interface Mark {
  tag: "strong" | "em" | "s";
  children: Inline[];
}

export interface Code {
  tag: "code";
  text: string;
}

export interface Link {
  tag: "a";
  href: string;
  children: Inline[];
  /** The words are the writer's own, not the address. */
  named?: true;
  /** The host as it really is, where what is shown could be taken for another. */
  host?: string;
}

export type Block = Paragraph | Fence | Quote | List;

export interface Paragraph {
  tag: "p";
  children: Inline[];
}

export interface Fence {
  tag: "pre";
  language: string;
  text: string;
}

export interface Quote {
  tag: "blockquote";
  children: Block[];
}

export interface List {
  tag: "ul" | "ol";
  /** What stands behind its numbers, `.` or `)`; nothing behind bullets. */
  after: string;
  items: Item[];
}

export interface Item {
  /** The writer's own number; 0 in a list with bullets. */
  number: number;
  children: Block[];
}

/** An inline's words without its marks. Marks nest at most as deep as there are kinds of them. */
export function inlineText(children: Inline[]): string {
  return children
    .map((one) => {
      if (typeof one === "string") return one;
      return one.tag === "code" ? one.text : inlineText(one.children);
    })
    .join("");
}

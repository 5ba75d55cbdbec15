/**
 * A message's lines as blocks: paragraphs, fences of code, quotes and lists.
 *
 * Quotes and items hold blocks themselves, a bounded number of levels deep, and each level looks at
 * each line a bounded number of times.
 */

import {
  dedented,
  endOf,
  fenced,
  lastClosing,
  type Opening,
  openingIn,
  widthOf,
} from "./fences.ts";
import { inline, joined } from "./inline.ts";
import type { Block, Inline, List } from "./tree.ts";

/** Deeper quotes and lists are text, as it was written. */
const DEEPEST = 5;
/** Also a quote's empty line, between others. */
const QUOTED = /^[ \t]*>(?:[ \t]|$)/;
/** Not so a line that is drawn with such signs. */
const ITEM = /^(?![-*•\s]*$)[ \t]*(?:[-*•]|(0|[1-9]\d{0,2})([.)]))[ \t]+(?=\S)/;
/** An item among others; by itself it is less than nothing. */
const MINUS = /^[ \t]*-[ \t]+\d/;

/** The tree of a message's text. Takes time in proportion to its length, whatever it says. */
export function parse(text: string): Block[] {
  return blocksOf(text.split(/\r\n?|\n/), 0);
}

/** The blocks of some lines, which are so many levels deep in others. */
function blocksOf(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let said: Inline[] = [];
  let at = 0;
  /** Blank lines since the last block. */
  let blank = 0;
  let closing: number | undefined;

  const lineAt = (index: number) => lines[index] ?? "";
  const within = (inner: string[]) => blocksOf(inner, depth + 1);

  function say(line: string): void {
    if (said.length) said.push("\n");
    // One blank line parts paragraphs; those beyond it are the writer's own space.
    else if (blocks.length) said.push("\n".repeat(Math.max(blank - 1, 0)));
    for (const piece of inline(line)) said.push(piece);
  }

  function add(block?: Block): void {
    if (said.length) blocks.push({ tag: "p", children: joined(said) });
    if (said.length || block) blank = 0;
    said = [];
    if (block) blocks.push(block);
  }

  function openingAt(index: number): Opening | undefined {
    return openingIn(lineAt(index), () => {
      closing ??= lastClosing(lines);
      return closing > index;
    });
  }

  function fence(opening: Opening): void {
    const end = endOf(lines, at + 1, opening.ticks);
    const code = fenced(opening, lines.slice(at + 1, end.line), end);
    if (code) {
      if (opening.before.trim()) say(opening.before.trimEnd());
      add(code);
    } else for (const line of lines.slice(at, end.line + 1)) say(line);
    at = end.line;
    if (code && end.after) lines[at] = end.after;
    else at += 1;
  }

  function quote(): void {
    const quoted: string[] = [];
    for (; QUOTED.test(lineAt(at)); at++) quoted.push(lineAt(at).replace(QUOTED, ""));
    add({ tag: "blockquote", children: within(quoted) });
  }

  /** The list that a next item would continue. */
  function openList(): List | undefined {
    const last = blocks.at(-1);
    return !said.length && !blank && (last?.tag === "ul" || last?.tag === "ol") ? last : undefined;
  }

  function isItem(line: string): boolean {
    const isAmong = () => !!openList() || ITEM.test(lineAt(at + 1));
    return ITEM.test(line) && (!MINUS.test(line) || isAmong());
  }

  function item(line: string): void {
    const [mark = "", digits = "", after = ""] = ITEM.exec(line) ?? [];
    const list = openList();
    const children = within(itemLines(line, mark.length));
    const one = { number: Number(digits), children };
    if (list?.after === after) list.items.push(one);
    else add({ tag: after ? "ol" : "ul", after, items: [one] });
  }

  /** An item's first line, and those below that are indented or in a fence which one of them opens. */
  function itemLines(line: string, mark: number): string[] {
    const least = widthOf(line) + 2;
    const found: string[] = [];
    lines[at] = line.slice(mark);
    for (let next = at; next < lines.length; ) {
      const opening = openingAt(next);
      const last = opening ? endOf(lines, next + 1, opening.ticks).line : next;
      for (; at < lines.length && at <= last; at++) {
        found.push(dedented(lineAt(at), found.length ? mark : 0));
      }
      next = at;
      while (next < lines.length && !lineAt(next).trim()) next += 1;
      if (widthOf(lineAt(next)) < least) break;
    }
    return found;
  }

  while (at < lines.length) {
    const line = lineAt(at);
    const opening = openingAt(at);
    if (!line.trim()) {
      add();
      blank += 1;
      at += 1;
    } else if (depth < DEEPEST && QUOTED.test(line) && line.trim() !== ">") quote();
    else if (depth < DEEPEST && isItem(line)) item(line);
    else if (opening) fence(opening);
    else {
      say(line);
      at += 1;
    }
  }
  add();
  return blocks;
}

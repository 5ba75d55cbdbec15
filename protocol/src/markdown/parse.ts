/**
 * A message's lines as blocks: paragraphs, fences of code, quotes and lists.
 *
 * Quotes and items hold blocks themselves, a bounded number of levels deep, and each level looks at
 * each line a bounded number of times.
 */

import {
  dedent,
  findEnd,
  findLastClosing,
  findOpening,
  indentWidth,
  type Opening,
  toFence,
} from "./fences.ts";
import { joinTexts, parseInline } from "./inline.ts";
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
export function parseMarkdown(text: string): Block[] {
  return parseBlocks(text.split(/\r\n?|\n/), 0);
}

/** The blocks of some lines, which are so many levels deep in others. */
function parseBlocks(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let paragraph: Inline[] = [];
  let at = 0;
  /** Blank lines since the last block. */
  let blank = 0;
  let closing: number | undefined;

  const lineAt = (index: number) => lines[index] ?? "";
  const parseNested = (inner: string[]) => parseBlocks(inner, depth + 1);

  function addLine(line: string): void {
    if (paragraph.length) paragraph.push("\n");
    // One blank line parts paragraphs; those beyond it are the writer's own space.
    else if (blocks.length) paragraph.push("\n".repeat(Math.max(blank - 1, 0)));
    for (const piece of parseInline(line)) paragraph.push(piece);
  }

  function addBlock(block?: Block): void {
    if (paragraph.length) blocks.push({ tag: "p", children: joinTexts(paragraph) });
    if (paragraph.length || block) blank = 0;
    paragraph = [];
    if (block) blocks.push(block);
  }

  function openingAt(index: number): Opening | undefined {
    return findOpening(lineAt(index), () => {
      closing ??= findLastClosing(lines);
      return closing > index;
    });
  }

  function parseFence(opening: Opening): void {
    const end = findEnd(lines, at + 1, opening.ticks);
    const code = toFence(opening, lines.slice(at + 1, end.line), end);
    if (code) {
      if (opening.before.trim()) addLine(opening.before.trimEnd());
      addBlock(code);
    } else for (const line of lines.slice(at, end.line + 1)) addLine(line);
    at = end.line;
    if (code && end.after) lines[at] = end.after;
    else at += 1;
  }

  function parseQuote(): void {
    const quoted: string[] = [];
    for (; QUOTED.test(lineAt(at)); at++) quoted.push(lineAt(at).replace(QUOTED, ""));
    addBlock({ tag: "blockquote", children: parseNested(quoted) });
  }

  /** The list that a next item would continue. */
  function currentList(): List | undefined {
    const last = blocks.at(-1);
    return !paragraph.length && !blank && (last?.tag === "ul" || last?.tag === "ol")
      ? last
      : undefined;
  }

  function isItem(line: string): boolean {
    const hasSiblings = () => !!currentList() || ITEM.test(lineAt(at + 1));
    return ITEM.test(line) && (!MINUS.test(line) || hasSiblings());
  }

  function parseItem(line: string): void {
    const [mark = "", digits = "", after = ""] = ITEM.exec(line) ?? [];
    const list = currentList();
    const children = parseNested(itemLines(line, mark.length));
    const one = { number: Number(digits), children };
    if (list?.after === after) list.items.push(one);
    else addBlock({ tag: after ? "ol" : "ul", after, items: [one] });
  }

  /** An item's first line, and those below that are indented or in a fence which one of them opens. */
  function itemLines(line: string, mark: number): string[] {
    const least = indentWidth(line) + 2;
    const itemText: string[] = [];
    lines[at] = line.slice(mark);
    for (let next = at; next < lines.length; ) {
      const opening = openingAt(next);
      const last = opening ? findEnd(lines, next + 1, opening.ticks).line : next;
      for (; at < lines.length && at <= last; at++) {
        itemText.push(dedent(lineAt(at), itemText.length ? mark : 0));
      }
      next = at;
      while (next < lines.length && !lineAt(next).trim()) next += 1;
      if (indentWidth(lineAt(next)) < least) break;
    }
    return itemText;
  }

  while (at < lines.length) {
    const line = lineAt(at);
    const opening = openingAt(at);
    if (!line.trim()) {
      addBlock();
      blank += 1;
      at += 1;
    } else if (depth < DEEPEST && QUOTED.test(line) && line.trim() !== ">") parseQuote();
    else if (depth < DEEPEST && isItem(line)) parseItem(line);
    else if (opening) parseFence(opening);
    else {
      addLine(line);
      at += 1;
    }
  }
  addBlock();
  return blocks;
}

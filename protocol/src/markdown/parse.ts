/**
 * A message's lines as blocks: paragraphs, fences of code, quotes and lists.
 *
 * Quotes and items hold blocks themselves, a bounded number of levels deep, and each level looks at
 * each line a bounded number of times.
 */

import { closings, dedented, endOf, fenced, type Opening, openingIn, widthOf } from "./fences.ts";
import { inline, joined } from "./inline.ts";
import type { Block, Inline, List } from "./tree.ts";

/** Deeper quotes and lists are text, as it was written. */
const DEEPEST = 5;
const QUOTE = /^[ \t]*>[ \t]+\S/;
/** Between others also a quote's empty line. */
const QUOTED = /^[ \t]*>(?:[ \t]|$)/;
const ITEM = /^[ \t]*(?:[-*•]|(0|[1-9]\d{0,2})([.)]))[ \t]+(?=\S)/;
/** A line drawn with such signs, and no item. */
const DRAWN = /^[-*•\s]*$/;
/** An item among others; by itself it is less than nothing. */
const MINUS = /^[ \t]*-[ \t]+[\p{Sc}\d]/u;

/** The tree of a message's text. Takes time in proportion to its length, whatever it says. */
export function parse(text: string): Block[] {
  return new Lines(text.split(/\r\n?|\n/), 0).read();
}

class Lines {
  #lines: string[];
  #depth: number;
  #at = 0;
  #blocks: Block[] = [];
  #said: Inline[] = [];
  /** Blank lines since the last block. */
  #blank = 0;
  #closings: number[] | undefined;

  constructor(lines: string[], depth: number) {
    this.#lines = lines;
    this.#depth = depth;
  }

  read(): Block[] {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at] ?? "";
      const opening = this.#opening(line, this.#at);
      if (!line.trim()) {
        this.#close();
        this.#blank += 1;
        this.#at += 1;
      } else if (this.#depth < DEEPEST && QUOTE.test(line)) this.#quote();
      else if (this.#depth < DEEPEST && this.#isItem(line)) this.#item(line);
      else if (opening) this.#fence(opening);
      else {
        this.#say(line);
        this.#at += 1;
      }
    }
    this.#close();
    return this.#blocks;
  }

  /** A fence that opens in a line with this number; of an item, what follows its mark. */
  #opening(line: string, at: number): Opening | undefined {
    return openingIn(line, (ticks) => {
      this.#closings ??= closings(this.#lines);
      return (this.#closings[at + 1] ?? 0) >= ticks;
    });
  }

  #say(line: string): void {
    if (this.#said.length) this.#said.push("\n");
    // One blank line parts paragraphs; those beyond it are the writer's own space.
    else if (this.#blocks.length) this.#said.push("\n".repeat(Math.max(this.#blank - 1, 0)));
    for (const piece of inline(line)) this.#said.push(piece);
  }

  #close(): void {
    if (!this.#said.length) return;
    this.#blocks.push({ tag: "p", children: joined(this.#said) });
    this.#said = [];
    this.#blank = 0;
  }

  #add(block: Block): void {
    this.#close();
    this.#blocks.push(block);
    this.#blank = 0;
  }

  #fence(opening: Opening): void {
    const first = this.#at + 1;
    const end = endOf(this.#lines, first, opening.ticks);
    const fence = fenced(opening, this.#lines.slice(first, end.line), end);
    if (!fence) for (const line of this.#lines.slice(this.#at, end.line + 1)) this.#say(line);
    else {
      if (opening.before.trim()) this.#say(opening.before.trimEnd());
      this.#add(fence);
    }
    this.#at = end.line + 1;
    if (fence && end.after) {
      this.#at = end.line;
      this.#lines[this.#at] = end.after;
    }
  }

  #quote(): void {
    const quoted: string[] = [];
    for (; QUOTED.test(this.#lines[this.#at] ?? ""); this.#at++) {
      quoted.push((this.#lines[this.#at] ?? "").replace(QUOTED, ""));
    }
    this.#add({ tag: "blockquote", children: this.#within(quoted) });
  }

  #isItem(line: string): boolean {
    if (!ITEM.test(line) || DRAWN.test(line)) return false;
    return !MINUS.test(line) || !!this.#list() || ITEM.test(this.#lines[this.#at + 1] ?? "");
  }

  /** The list that a next item would continue. */
  #list(): List | undefined {
    const last = this.#blocks.at(-1);
    return !this.#said.length && !this.#blank && isList(last) ? last : undefined;
  }

  #item(line: string): void {
    const [mark = "", digits = "", after = ""] = ITEM.exec(line) ?? [];
    const list = this.#list();
    const children = this.#within(this.#itemLines(line, mark.length));
    const item = { number: Number(digits), children };
    if (list?.after === after) list.items.push(item);
    else this.#add({ tag: after ? "ol" : "ul", after, items: [item] });
  }

  /** An item's first line, and those below that are indented or in a fence which one of them opens. */
  #itemLines(line: string, mark: number): string[] {
    const lines = this.#lines;
    const least = widthOf(line) + 2;
    const found: string[] = [];
    lines[this.#at] = line.slice(mark);
    for (let next = this.#at; next < lines.length; ) {
      const opening = this.#opening(lines[next] ?? "", next);
      const last = opening ? endOf(lines, next + 1, opening.ticks).line : next;
      for (; this.#at < lines.length && this.#at <= last; this.#at++) {
        found.push(dedented(lines[this.#at] ?? "", found.length ? mark : 0));
      }
      next = this.#at;
      while (next < lines.length && !lines[next]?.trim()) next += 1;
      if (widthOf(lines[next] ?? "") < least) break;
    }
    return found;
  }

  #within(lines: string[]): Block[] {
    return new Lines(lines, this.#depth + 1).read();
  }
}

function isList(block: Block | undefined): block is List {
  return block?.tag === "ul" || block?.tag === "ol";
}

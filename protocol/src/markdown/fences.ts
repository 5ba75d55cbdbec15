/** Fences: where they open and close, and the code between. */

import type { Fence } from "./tree.ts";

const OPENING = /^([ \t]*)(`{3,})([^`]*)$/;
const CLOSING = /^[ \t]*(`{3,})(?:[ \t]+([^`]+))?$/;
const CLOSING_BEHIND = /^([^`]*)(`{3,})[ \t]*$/;
const LANGUAGE = /^[\w+#.-]*$/;
/** A tab's width, in spaces. */
const TAB = 4;

export interface Opening {
  /** What stands before it in its line. */
  before: string;
  ticks: number;
  info: string;
  /** Of its line, in spaces; code is so much less indented. */
  indent: number;
}

/** The closing's line, one past the last if there is none, and what else stands in it. */
interface End {
  line: number;
  before: string;
  after: string;
}

/** A fence that opens in a line: by itself, or behind words and then only if it is closed. */
export function openingIn(line: string, isClosed: (ticks: number) => boolean): Opening | undefined {
  const [, indent = "", own = "", said = ""] = OPENING.exec(line) ?? [];
  if (own) return { before: "", ticks: own.length, info: said, indent: widthOf(indent) };
  const at = line.indexOf("```");
  if (at < 0) return undefined;
  const end = at + line.slice(at).search(/[^`]|$/);
  if (line.includes("`", end) || !isClosed(end - at)) return undefined;
  return { before: line.slice(0, at), ticks: end - at, info: line.slice(end), indent: 0 };
}

/** By line, the longest run of backticks that closes a fence in it or further down. */
export function closings(lines: string[]): number[] {
  const longest = [0];
  for (const line of lines.toReversed()) {
    const run = CLOSING.exec(line)?.[1] ?? CLOSING_BEHIND.exec(line)?.[2] ?? "";
    longest.push(Math.max(run.length, longest.at(-1) ?? 0));
  }
  return longest.reverse();
}

/** Where a fence closes: in a line of its own, with words behind it, or behind the last code. */
export function endOf(lines: string[], from: number, ticks: number): End {
  for (let line = from; line < lines.length; line++) {
    const text = lines[line] ?? "";
    const [, own = "", after = ""] = CLOSING.exec(text) ?? [];
    if (own.length >= ticks) return { line, before: "", after };
    const [, before = "", run = ""] = CLOSING_BEHIND.exec(text) ?? [];
    if (run.length >= ticks) return { line, before, after: "" };
  }
  return { line: lines.length, before: "", after: "" };
}

/** The code of a fence; nothing if there is none. */
export function fenced({ info, indent }: Opening, lines: string[], end: End): Fence | undefined {
  const code = lines.map((line) => dedented(line, indent));
  const language = info.trim();
  // Words behind an opening are code where they name no language of what follows.
  const isNamed = LANGUAGE.test(language) && code.length > 0 && !end.before;
  if (!isNamed && language) code.unshift(info.trimEnd());
  if (end.before) code.push(dedented(end.before, indent));
  const text = code.join("\n");
  return text.trim() ? { tag: "pre", language: isNamed ? language : "", text } : undefined;
}

/** How far a line is indented, in spaces. */
export function widthOf(line: string): number {
  let width = 0;
  for (const sign of line) {
    if (sign !== " " && sign !== "\t") break;
    width += sign === " " ? 1 : TAB;
  }
  return width;
}

/** A line without its first spaces, at most as many as told. */
export function dedented(line: string, most: number): string {
  let at = 0;
  for (let width = 0; width < most; at++) {
    width += line[at] === " " ? 1 : line[at] === "\t" ? TAB : most;
    if (line[at] !== " " && line[at] !== "\t") break;
  }
  return line.slice(at);
}

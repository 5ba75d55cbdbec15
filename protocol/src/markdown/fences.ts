/** Fences: where they open and close, and the code between. */

import type { Fence } from "./tree.ts";

const CLOSING = /^([^`]*)(`{3,})(?:[ \t]+([^`\s][^`]*)|[ \t]*)$/;
const LANGUAGE = /^[\w+#.-]*$/;
/** A tab's width, in spaces. */
const TAB = 4;

export interface Opening {
  /** What stands before it in its line. */
  before: string;
  ticks: number;
  info: string;
}

/** The closing's line, one past the last if there is none, and what else stands in it. */
interface End {
  line: number;
  before: string;
  after: string;
}

/** A fence that opens in a line: by itself, or behind words and then only if it is closed. */
export function findOpening(line: string, isClosed: () => boolean): Opening | undefined {
  const at = line.indexOf("```");
  if (at < 0) return undefined;
  const ticks = line.slice(at).search(/[^`]|$/);
  const before = line.slice(0, at);
  const info = line.slice(at + ticks);
  if (info.includes("`") || (before.trim() && !isClosed())) return undefined;
  return { before, ticks, info };
}

/** What closes a fence: a line of its own, the beginning of one with words, the end of one with code. */
function findClosing(line: string): { ticks: number; before: string; after: string } | undefined {
  const [, before = "", ticks = "", after = ""] = CLOSING.exec(line) ?? [];
  return before.trim() && after ? undefined : { ticks: ticks.length, before, after };
}

/** The last line that closes a fence. */
export function findLastClosing(lines: string[]): number {
  return lines.findLastIndex((line) => findClosing(line)?.ticks);
}

/** Where a fence closes that opened before the line `from`. */
export function findEnd(lines: string[], from: number, ticks: number): End {
  for (let line = from; line < lines.length; line++) {
    const closing = findClosing(lines[line] ?? "");
    if (closing && closing.ticks >= ticks) return { line, ...closing };
  }
  return { line: lines.length, before: "", after: "" };
}

/** The code of a fence; nothing if there is none. */
export function toFence({ before, info }: Opening, lines: string[], end: End): Fence | undefined {
  const isBehind = end.before.trim();
  const language = info.trim();
  // Words behind an opening are code where they name no language of what follows.
  const isNamed = LANGUAGE.test(language) && lines[0] !== undefined && !isBehind;
  const code = isBehind ? [...lines, end.before] : lines;
  const indent = before.trim() ? 0 : indentWidth(before);
  const all = code.map((line) => dedent(line, indent));
  if (!isNamed && language) all.unshift(info.trimEnd());
  const text = all.join("\n");
  return text.trim() ? { tag: "pre", language: isNamed ? language : "", text } : undefined;
}

/** How far a line is indented, in spaces. */
export function indentWidth(line: string): number {
  const [space = ""] = /^[ \t]*/.exec(line) ?? [];
  return space.length + (TAB - 1) * space.split("\t").length - (TAB - 1);
}

/** A line without its first spaces, at most as many as told. */
export function dedent(line: string, most: number): string {
  let at = 0;
  for (let left = most; left > 0 && /[ \t]/.test(line.charAt(at)); at++) {
    left -= line[at] === " " ? 1 : TAB;
  }
  return line.slice(at);
}

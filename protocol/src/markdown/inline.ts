/**
 * One line's marks: **bold**, *italic* or _italic_, ~~struck~~, `code`, links and bare addresses.
 *
 * One pass from left to right. Of each kind of mark at most one waits for its end, so that each sign
 * is looked at a bounded number of times and the tree is at most as deep as there are kinds.
 */

import { addressEnd, balancedEnd, hrefOf, mayShow, realHost } from "./links.ts";
import { type Inline, inlineText, type Mark } from "./tree.ts";

const SPECIAL = /`+|(?:\\?\*)+|(?:\\?_)+|(?:\\?~)+|\\?\[|[\]@]|https?:\/\/|www\./gi;
/** Signs of a link's address; of those in each other each is looked at. */
const LONGEST_TARGET = 2_048;
const TICKS = /`+/g;
const MAIL = /@(?:[a-z\d-]+\.)+[a-z]{2,}(?![a-z\d@-]|[:/]\S)/iy;

const TAGS: Record<string, Mark["tag"][]> = {
  "*": ["em"],
  _: ["em"],
  "**": ["strong"],
  "***": ["em", "strong"],
  "~~": ["s"],
};

/** Of writing that parts its words by spaces; where it doesn't, marks may stand inside a word. */
const WORD = /[\p{L}\p{N}\p{M}]/u;
const isWord = (sign: string) => {
  const code = sign.charCodeAt(0);
  return WORD.test(sign) && (code < 0x590 || code > 0xff0f);
};
/** Before these and after those no mark opens: `2*3`, `a/*.ts`, `f(**k)`, `count(*)`. */
const NOT_BEFORE_OPENING = /[\\/.:@=&$#%+^)\]}]/;
const NOT_INSIDE_OPENING = /^$|[\s)\]}>,;:!?/\\]/;
const NOT_INSIDE_CLOSING = /^$|[\s([{</\\]/;
const SUBSTANCE = /[\p{L}\p{N}\p{So}]/u;

/** A mark or a bracket that waits for its end: where it ends in the line, and its place in what came out. */
interface Opener {
  end: number;
  out: number;
  escaped: boolean;
}

export function parseInline(line: string): Inline[] {
  const out: Inline[] = [];
  const marks: Record<string, Opener | undefined> = {};
  let brackets: Opener[] = [];
  /** Where what may be links' addresses ends, by where it begins. */
  const targets = new Map<number, number>();
  /** All before is in `out`. */
  let position = 0;
  /** The last run of as many backticks as the index. */
  let lastTicks: number[] | undefined;

  /** Everything before `at` as text. */
  function flushText(at: number): void {
    if (at > position) out.push(line.slice(position, at));
    position = Math.max(at, position);
  }

  /** A piece whose signs are from `at` to `end`. Its place in what comes out. */
  function append(piece: Inline, at: number, end: number): number {
    flushText(at);
    position = end;
    return out.push(piece) - 1;
  }

  /** What came out since something was opened; taken out with its opening, and nothing in it waits on. */
  function takeSince(open: Opener, at: number): Inline[] {
    flushText(at);
    for (const mark in marks) if (isInside(marks[mark], open)) marks[mark] = undefined;
    while (isInside(brackets.at(-1), open)) brackets.pop();
    return joinTexts(out.splice(open.out).slice(1));
  }

  function parseCode(ticks: number, at: number, end: number): void {
    lastTicks ??= lastBacktickRuns(line);
    if (!((lastTicks[ticks] ?? 0) > at) || line.charAt(at - 1) === "\\") return;
    TICKS.lastIndex = end;
    let closing = TICKS.exec(line);
    while (closing && closing[0].length !== ticks) closing = TICKS.exec(line);
    if (!closing) return;
    // A space parts backticks in the code from those around it.
    const text = line.slice(end, closing.index).replace(/^ (`.*|.*`) $/, "$1");
    append({ tag: "code", text }, at, closing.index + ticks);
  }

  function parseMark(sign: string, at: number, end: number): void {
    const kind = sign.replaceAll("\\", "");
    const tags = TAGS[kind];
    if (!tags) return;
    const before = line.charAt(at - 1);
    const after = line.charAt(end);
    const escaped = sign !== kind;
    const open = marks[kind];
    // A slash that ends a link is none of a path.
    const isBehindLink = position === at && typeof out.at(-1) === "object";
    if (open && (isBehindLink || !NOT_INSIDE_CLOSING.test(before)) && !isWord(after)) {
      marks[kind] = undefined;
      if (SUBSTANCE.test(line.slice(open.end, at))) {
        if (escaped || open.escaped) {
          out[open.out] = kind;
          append(kind, at, end);
        } else {
          let inner = takeSince(open, at);
          for (const tag of tags) inner = [{ tag, children: inner }];
          for (const one of inner) append(one, at, end);
        }
        return;
      }
    }
    if (isWord(before) || NOT_BEFORE_OPENING.test(before) || NOT_INSIDE_OPENING.test(after)) return;
    if (kind !== "*" || after !== ".") marks[kind] = { end, out: append(sign, at, end), escaped };
  }

  /** After `[words]`: a link if `(address)` follows that may be shown with these words. */
  function parseLink(at: number): void {
    const open = brackets.pop();
    if (!open || line.charAt(at + 1) !== "(") return;
    const from = at + 2;
    const addressTo = balancedEnd(line, from, targets);
    if (line.charAt(addressTo) !== ")" || addressTo - from > LONGEST_TARGET) return;
    const href = hrefOf(line.slice(from, addressTo));
    if (!href) return;
    // A link holds no other, nor is there another try with more words: that would take too long.
    brackets = [];
    flushText(at);
    if (open.escaped) out[open.out] = "[";
    else if (mayShow(inlineText(out.slice(open.out + 1)), href)) {
      const children = removeLinks(takeSince(open, at));
      append({ tag: "a", href, named: true, children }, at, addressTo + 1);
    }
  }

  function parseMail(at: number): void {
    let from = at;
    while (from > position && /[\w.+-]/.test(line.charAt(from - 1))) from -= 1;
    while (/[_.+-]/.test(line.charAt(from))) from += 1;
    MAIL.lastIndex = at;
    const [domain] = MAIL.exec(line) ?? [];
    const before = line.charAt(from - 1);
    if (!domain || from === at || before === "@" || isWord(before)) return;
    const address = line.slice(from, at) + domain;
    append({ tag: "a", href: `mailto:${address}`, children: [address] }, from, at + domain.length);
  }

  function parseBareUrl(at: number, schemeTo: number): void {
    const before = line.charAt(at - 1);
    if (isWord(before) || /[.@-]/.test(before)) return;
    const end = addressEnd(line, schemeTo);
    const url = line.slice(at, end);
    const href = hrefOf(url);
    // What is no link isn't looked at again: a name before a host is no mail address.
    flushText(href ? at : end);
    if (!href) return;
    const host = realHost(href);
    append({ tag: "a", href, children: [url], ...(host && { host }) }, at, end);
  }

  for (let end = 0; ; end = Math.max(end, position)) {
    SPECIAL.lastIndex = end;
    const found = SPECIAL.exec(line);
    if (!found) break;
    const [sign] = found;
    const at = found.index;
    const last = sign.at(-1);
    end = at + sign.length;
    if (last === "`") parseCode(sign.length, at, end);
    else if (last === "[")
      brackets.push({ end, out: append(sign, at, end), escaped: sign !== last });
    else if (last === "]") parseLink(at);
    else if (last === "@") parseMail(at);
    else if (last === "/" || last === ".") parseBareUrl(at, end);
    else parseMark(sign, at, end);
  }
  flushText(line.length);
  return joinTexts(out);
}

const isInside = (one: Opener | undefined, open: Opener) => !!one && one.out >= open.out;

function lastBacktickRuns(line: string): number[] {
  const last: number[] = [];
  for (const run of line.matchAll(/`+/g)) last[run[0].length] = run.index;
  return last;
}

/** Neighbouring texts as one. */
export function joinTexts(pieces: Inline[]): Inline[] {
  const all: Inline[] = [];
  let text = "";
  for (const piece of [...pieces, undefined]) {
    if (typeof piece === "string") text += piece;
    else {
      if (text) all.push(text);
      if (piece) all.push(piece);
      text = "";
    }
  }
  return all;
}

/** A link's words may look like an address, which would be a link in the link. */
function removeLinks(children: Inline[]): Inline[] {
  return joinTexts(
    children.flatMap((one): Inline[] => {
      if (typeof one === "string" || one.tag === "code") return [one];
      const inner = removeLinks(one.children);
      return one.tag === "a" ? inner : [{ ...one, children: inner }];
    }),
  );
}

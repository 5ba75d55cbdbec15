/**
 * One line's marks: **bold**, *italic* or _italic_, ~~struck~~, `code`, links and bare addresses.
 *
 * One pass from left to right. Of each kind of mark at most one waits for its end, so that each sign
 * is looked at a bounded number of times and the tree is at most as deep as there are kinds.
 */

import { addressEnd, bracketed, hostBehind, hrefOf, mayShow } from "./links.ts";
import { type Inline, type Mark, wordsOf } from "./tree.ts";

const SPECIAL = /`+|(?:\\?\*)+|(?:\\?_)+|(?:\\?~)+|\\?\[|[\]@]|https?:\/\/|www\./gi;
const TICKS = /`+/g;
const MAIL = /@(?:[a-z\d-]+\.)+[a-z]{2,}(?![a-z\d@-]|[:/]\S)/iy;
const TITLE = /\s+"([^"]*)"/y;

const TAGS: Record<string, Mark["tag"][]> = {
  "*": ["em"],
  _: ["em"],
  "**": ["strong"],
  "***": ["strong", "em"],
  "~~": ["s"],
};

/** Of writing that parts its words by spaces; where it doesn't, marks may stand inside a word. */
const WORD = /[\p{L}\p{N}\p{M}]/u;
const isWord = (sign: string) => {
  const code = sign.charCodeAt(0);
  return WORD.test(sign) && (code < 0x590 || (code > 0xff0f && code < 0xff5b));
};
/** Before these and after those no mark opens: `2*3`, `a/*.ts`, `f(**k)`, `count(*)`. */
const NOT_BEFORE_OPENING = /[\\/.:@=&$#%+^)\]}]/;
const NOT_INSIDE_OPENING = /^$|[\s)\]}>,;:!?/\\]/;
const NOT_INSIDE_CLOSING = /^$|[\s([{</\\]/;
const SUBSTANCE = /[\p{L}\p{N}\p{So}]/u;

/** A mark or a bracket that waits for its end: where it stands in the line, and in what came out. */
interface Opened {
  at: number;
  out: number;
  escaped: boolean;
}

export function inline(line: string): Inline[] {
  return new Line(line).read();
}

class Line {
  #line: string;
  #out: Inline[] = [];
  /** All before is in `#out`. */
  #done = 0;
  #marks: Record<string, Opened | undefined> = {};
  #brackets: Opened[] = [];
  /** The last run of as many backticks as the index. */
  #lastTicks: number[] | undefined;

  constructor(line: string) {
    this.#line = line;
  }

  read(): Inline[] {
    for (let at = 0; ; ) {
      SPECIAL.lastIndex = at;
      const found = SPECIAL.exec(this.#line);
      if (!found) break;
      at = found.index + found[0].length;
      this.#meet(found[0], found.index, at);
      at = Math.max(at, this.#done);
    }
    this.#upTo(this.#line.length);
    return joined(this.#out);
  }

  #meet(sign: string, at: number, end: number): void {
    const last = sign.at(-1) ?? "";
    if (last === "`") this.#code(sign.length, at, end);
    else if (last === "[") {
      this.#brackets.push({ at: end, out: this.#put(sign, at), escaped: sign !== last });
    } else if (last === "]") this.#label(at);
    else if (last === "@") this.#mail(at);
    else if (last === "/" || last === ".") this.#address(at, end);
    else this.#mark(sign, at, end);
  }

  /** Everything before `at` as text. */
  #upTo(at: number): void {
    if (at > this.#done) this.#out.push(this.#line.slice(this.#done, at));
    this.#done = Math.max(at, this.#done);
  }

  /** One piece of what came out, whose signs begin at `at` and end where told. Its index. */
  #put(piece: Inline, at: number, end = at + (piece as string).length): number {
    this.#upTo(at);
    this.#done = end;
    return this.#out.push(piece) - 1;
  }

  #code(ticks: number, at: number, end: number): void {
    if (!this.#lastTicks) {
      this.#lastTicks = [];
      TICKS.lastIndex = 0;
      for (const run of this.#line.matchAll(TICKS)) this.#lastTicks[run[0].length] = run.index;
    }
    if (!((this.#lastTicks[ticks] ?? 0) > at) || this.#line[at - 1] === "\\") return;
    TICKS.lastIndex = end;
    let closing = TICKS.exec(this.#line);
    while (closing && closing[0].length !== ticks) closing = TICKS.exec(this.#line);
    if (!closing) return;
    // A space parts backticks in the code from those around it.
    const text = this.#line.slice(end, closing.index).replace(/^ (`.*|.*`) $/s, "$1");
    this.#put({ tag: "code", text }, at, closing.index + ticks);
  }

  #mark(sign: string, at: number, end: number): void {
    const mark = sign.replaceAll("\\", "");
    const tags = TAGS[mark];
    if (!tags) return;
    const before = this.#line[at - 1] ?? "";
    const after = this.#line[end] ?? "";
    const escaped = sign !== mark;
    const open = this.#marks[mark];
    if (open && !NOT_INSIDE_CLOSING.test(before) && !isWord(after)) {
      this.#marks[mark] = undefined;
      if (SUBSTANCE.test(this.#line.slice(open.at, at))) {
        if (escaped || open.escaped) {
          this.#out[open.out] = mark;
          this.#put(mark, at, end);
        } else {
          const children = this.#taken(open, at);
          const inner = tags
            .slice(1)
            .reduce<Inline[]>((all, tag) => [{ tag, children: all }], children);
          this.#put({ tag: tags[0] ?? "em", children: inner }, at, end);
        }
        return;
      }
    }
    if (isWord(before) || NOT_BEFORE_OPENING.test(before) || NOT_INSIDE_OPENING.test(after)) return;
    if (mark === "*" && after === ".") return;
    this.#marks[mark] = { at: end, out: this.#put(sign, at), escaped };
  }

  /** What came out since something was opened; taken out with its opening, and nothing in it waits on. */
  #taken(open: Opened, at: number): Inline[] {
    this.#upTo(at);
    for (const mark in this.#marks) {
      if ((this.#marks[mark]?.out ?? -1) >= open.out) this.#marks[mark] = undefined;
    }
    while ((this.#brackets.at(-1)?.out ?? -1) >= open.out) this.#brackets.pop();
    return joined(this.#out.splice(open.out).slice(1));
  }

  /** After `[words]`: a link if `(address)` follows that may be shown with these words. */
  #label(at: number): void {
    const open = this.#brackets.pop();
    if (!open || this.#line[at + 1] !== "(") return;
    const target = this.#target(at + 2);
    if (!target) return;
    // A link holds no other, nor is there another try with more words: that would take too long.
    this.#brackets = [];
    this.#upTo(at);
    const words = wordsOf(this.#out.slice(open.out + 1));
    if (open.escaped) this.#out[open.out] = "[";
    else if (mayShow(words, target.href)) {
      const children = unlinked(this.#taken(open, at));
      const { href, title, end } = target;
      this.#put({ tag: "a", href, title, children }, at, end);
    }
  }

  #target(from: number): { href: string; title: string; end: number } | undefined {
    const line = this.#line;
    const end = bracketed(line, from);
    const href = hrefOf(line.slice(from, end));
    TITLE.lastIndex = end;
    const title = TITLE.exec(line);
    const closing = end + (title?.[0].length ?? 0);
    if (!href || line[closing] !== ")") return undefined;
    return { href, title: title?.[1] ?? "", end: closing + 1 };
  }

  #mail(at: number): void {
    const line = this.#line;
    let from = at;
    while (from > this.#done && /[\w.+-]/.test(line[from - 1] ?? "")) from -= 1;
    while (from < at && /[_.+-]/.test(line[from] ?? "")) from += 1;
    MAIL.lastIndex = at;
    const domain = MAIL.exec(line)?.[0];
    if (!domain || from === at || line[from - 1] === "@" || isWord(line[from - 1] ?? "")) return;
    const mail = line.slice(from, at) + domain;
    this.#put({ tag: "a", href: `mailto:${mail}`, children: [mail] }, from, at + domain.length);
  }

  #address(at: number, schemeEnd: number): void {
    const before = this.#line[at - 1] ?? "";
    if (isWord(before) || /[.@-]/.test(before)) return;
    const end = addressEnd(this.#line, schemeEnd);
    const shown = this.#line.slice(at, end);
    const href = hrefOf(shown);
    // What is no link isn't looked at again: a name before a host is no mail address.
    this.#upTo(href ? at : end);
    if (!href) return;
    const host = hostBehind(href);
    this.#put({ tag: "a", href, children: [shown], ...(host && { host }) }, at, end);
  }
}

/** Neighbouring texts as one. */
export function joined(pieces: Inline[]): Inline[] {
  const all: Inline[] = [];
  let texts: string[] = [];
  const flush = () => {
    if (texts.length) all.push(texts.join(""));
    texts = [];
  };
  for (const piece of pieces) {
    if (typeof piece === "string") texts.push(piece);
    else {
      flush();
      all.push(piece);
    }
  }
  flush();
  return all;
}

/** A link's words may look like an address, which would be a link in the link. */
function unlinked(children: Inline[]): Inline[] {
  return joined(
    children.flatMap((one): Inline[] => {
      if (typeof one === "string" || one.tag === "code") return [one];
      const inner = unlinked(one.children);
      return one.tag === "a" ? inner : [{ ...one, children: inner }];
    }),
  );
}

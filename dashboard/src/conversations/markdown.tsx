/**
 * The small safe subset of Markdown that messages may use: **bold**, _italic_ or *italic*,
 * `code`, ~~struck~~, fenced code, quotes, lists and links. Built as elements, never as HTML text.
 */

import type { ComponentChildren } from "preact";

type Piece =
  | string
  | { tag: "strong" | "em" | "code" | "s"; text: string }
  | { href: string; text: string };

const INLINE =
  /`([^`\n]+)`|\*\*(?=\S)([^\n]+?\S?)\*\*|~~(?=\S)([^\n]+?)~~|(?<![\p{L}\p{N}])_(?=\S)([^_\n]+?)_(?![\p{L}\p{N}])|(?<![*\p{L}\p{N}])\*(?=[^\s*])([^*\n]+?)\*(?!\*)|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+|mailto:[^\s)]+)\)|(https?:\/\/[^\s<>]+)/gu;

/** Text cut into plain and marked pieces. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, code, bold, struck, under, star, label, target, bare] = found;
    if (found.index > at) pieces.push(text.slice(at, found.index));
    at = found.index + whole.length;
    if (code) pieces.push({ tag: "code", text: code });
    else if (bold) pieces.push({ tag: "strong", text: bold });
    else if (struck) pieces.push({ tag: "s", text: struck });
    else if (under || star) pieces.push({ tag: "em", text: under || star || "" });
    else if (label && target) pieces.push({ href: target, text: label });
    else if (bare) {
      const url = bare.replace(/[.,;:!?'")\]]+$/u, "");
      pieces.push({ href: url, text: url });
      at -= bare.length - url.length;
    }
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

function Inline({ text }: { text: string }) {
  return (
    <>
      {piecesOf(text).map((piece, index) => {
        if (typeof piece === "string") return piece;
        if ("href" in piece)
          return (
            <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
              {piece.text}
            </a>
          );
        const Tag = piece.tag;
        return <Tag key={index}>{Tag === "code" ? piece.text : <Inline text={piece.text} />}</Tag>;
      })}
    </>
  );
}

/** A message's text as elements; every paragraph finds its own writing direction. */
export function Markdown({ text }: { text: string }) {
  return <div class="markdown">{blocks(text)}</div>;
}

const FENCE = /^```/u;
const BULLET = /^\s*[-*•]\s+(?=\S)/u;
const NUMBER = /^\s*\d{1,3}[.)]\s+(?=\S)/u;
const QUOTE = /^>\s?/u;

function blocks(text: string): ComponentChildren[] {
  const lines = text.split(/\r?\n/u);
  const out: ComponentChildren[] = [];
  const take = (rule: RegExp) => {
    const taken: string[] = [];
    while (rule.test(lines[0] ?? "")) taken.push((lines.shift() ?? "").replace(rule, ""));
    return taken;
  };
  while (lines.length > 0) {
    const line = lines[0] ?? "";
    const key = out.length;
    if (FENCE.test(line)) {
      lines.shift();
      const end = lines.findIndex((one) => FENCE.test(one));
      const code = lines.splice(0, end < 0 ? lines.length : end);
      lines.shift();
      out.push(
        <pre key={key} dir="ltr">
          <code>{code.join("\n")}</code>
        </pre>,
      );
    } else if (QUOTE.test(line)) {
      out.push(
        <blockquote key={key} dir="auto">
          <Lines lines={take(QUOTE)} />
        </blockquote>,
      );
    } else if (BULLET.test(line)) {
      out.push(<ul key={key}>{items(take(BULLET))}</ul>);
    } else if (NUMBER.test(line)) {
      const start = Number.parseInt(line.trim(), 10);
      out.push(
        <ol key={key} start={start}>
          {items(take(NUMBER))}
        </ol>,
      );
    } else if (line.trim() === "") {
      lines.shift();
    } else {
      const paragraph = [lines.shift() ?? ""];
      while (
        lines[0]?.trim() &&
        ![FENCE, QUOTE, BULLET, NUMBER].some((r) => r.test(lines[0] ?? ""))
      )
        paragraph.push(lines.shift() ?? "");
      out.push(
        <p key={key} dir="auto">
          <Lines lines={paragraph} />
        </p>,
      );
    }
  }
  return out;
}

function items(lines: string[]) {
  return lines.map((line, index) => (
    <li key={index} dir="auto">
      <Inline text={line} />
    </li>
  ));
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <>
      {lines.map((line, index) => (
        <span key={index}>
          {index > 0 && <br />}
          <Inline text={line} />
        </span>
      ))}
    </>
  );
}

/** The same text without its marks, on one line: for previews. */
export function plain(text: string): string {
  const flat = text.replace(/```\w*/gu, "").replace(/^\s*(?:>|[-*•]\s)\s?/gmu, "");
  return flat
    .split(/\s*\n\s*/u)
    .map((line) =>
      piecesOf(line)
        .map((piece) => (typeof piece === "string" ? piece : piece.text))
        .join(""),
    )
    .join(" ")
    .trim();
}

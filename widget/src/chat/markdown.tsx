/**
 * Messages' small Markdown: **bold**, *italic*, `code`, fenced code, [links](…), lists, bare links.
 *
 * Builds elements, never HTML, so nothing that a message says can become markup. Anything that
 * isn't one of these stays as it was written.
 */

import type { ComponentChildren } from "preact";

const INLINE =
  /(`)([^`\n]+)`|(\*\*|__)(?=\S)(.+?)\3|(?<![\w*])([*_])(?=\S)([^*_\n]+?)\5(?!\w)|\[([^\]\n]+)\]\(([^\s)]+)\)|((?:https?:\/\/|www\.)[^\s<>"]*[^\s<>".,:;!?)\]'*_])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/;
const SAFE = /^(https?:|mailto:)/i;
const ITEM = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)/;

function link(href: string, children: ComponentChildren, written: string) {
  return SAFE.test(href) ? (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    written
  );
}

function inline(text: string): ComponentChildren {
  const found = INLINE.exec(text);
  if (!found) return text;
  const [whole, , code, , bold, , italic, label, target, url, mail] = found;
  const element =
    code !== undefined ? (
      <code>{code}</code>
    ) : bold !== undefined ? (
      <b>{inline(bold)}</b>
    ) : italic !== undefined ? (
      <i>{inline(italic)}</i>
    ) : label !== undefined ? (
      link(target ?? "", label, whole)
    ) : url !== undefined ? (
      link(url.startsWith("www.") ? `https://${url}` : url, url, whole)
    ) : (
      link(`mailto:${mail}`, mail, whole)
    );
  return [text.slice(0, found.index), element, inline(text.slice(found.index + whole.length))];
}

function paragraph(block: string) {
  const lines = block.split("\n");
  const items = lines.map((line) => ITEM.exec(line));
  if (!items.every(Boolean)) return <p>{inline(block)}</p>;
  const entries = items.map((item) => <li>{inline(item?.[2] ?? "")}</li>);
  const first = items[0]?.[1];
  return first ? <ol start={Number(first)}>{entries}</ol> : <ul>{entries}</ul>;
}

/** Runs of list items and runs of other lines, parted also where no blank line parts them. */
function blocks(text: string): string[] {
  const found: string[] = [];
  let list: boolean | null = null;
  for (const line of text.split("\n")) {
    const item = ITEM.test(line);
    if (!line.trim()) list = null;
    else if (item === list) found.push(`${found.pop()}\n${line}`);
    else {
      found.push(line);
      list = item;
    }
  }
  return found;
}

export function Markdown({ text }: { text: string }) {
  return text.split(/```(?:\w*\n)?/).map((part, i) =>
    i % 2 ? (
      <pre>
        <code>{part.trimEnd()}</code>
      </pre>
    ) : (
      blocks(part).map(paragraph)
    ),
  );
}

import { describe, expect, test } from "vitest";
import { parseMarkdown } from "../src/markdown/parse.ts";
import { toPlainText } from "../src/markdown/plain.ts";
import type { Block, Inline, Link } from "../src/markdown/tree.ts";
import { compact } from "./compact.ts";
import { anyText, HOSTILE, randomFrom } from "./hostile.ts";
import TABLE from "./messages.json" with { type: "json" };

describe("the grammar", () => {
  test.each(TABLE)("$about: $text", ({ text, tree, plain: words }) => {
    expect(compact(parseMarkdown(text))).toEqual(tree);
    expect(toPlainText(text)).toBe(words);
  });

  test("a link that the server's excerpt cut in its address is a link in a preview", () => {
    expect(toPlainText("Read [the guide](https://a.example/long/pa…")).toBe("Read the guide…");
    expect(toPlainText("Read [the gui…")).toBe("Read [the gui…");
  });
});

/** The signs that may become form: marks, brackets of links, spaces between blocks. */
const FORM = /[\\*_~`[\]()<>"\-•.\s]/;
const TEXTS = Array.from({ length: 4000 }, (_, seed) => anyText(randomFrom(seed)));

describe("whatever is written", () => {
  test("no letter, digit or other sign of it gets lost or changes its place", () => {
    for (const text of [...TEXTS, ...TABLE.map((row) => row.text)]) {
      const lost = missing(text.replace(/\r\n?/g, "\n"), everythingIn(parseMarkdown(text)));
      expect(lost.replace(new RegExp(FORM, "g"), ""), JSON.stringify(text)).toBe("");
    }
  });

  test("text without marks is a paragraph with every sign, and its own spaces", () => {
    const random = randomFrom(7);
    const signs = [..."aé你م😀  \t,;:!?'/\\|{}+=&%$#"];
    for (let i = 0; i < 500; i++) {
      const text = `x${Array.from({ length: 40 }, () => random(signs)).join("")}`;
      expect(compact(parseMarkdown(text))).toEqual([["p", text]]);
    }
  });

  test("links lead to the web and to mailboxes, and to where what they show says", () => {
    for (const text of TEXTS) {
      for (const { href, named, children } of linksIn(parseMarkdown(text))) {
        expect(href, text).toMatch(/^(https?:\/\/|mailto:)/i);
        const shown = children.length === 1 && typeof children[0] === "string" ? children[0] : "";
        const whole = shown.startsWith("www") ? `https://${shown}` : shown;
        if (!named) expect(href.replace("mailto:", "")).toBe(whole);
        else if (/:\/\/|^www\./.test(shown)) {
          expect(new URL(href).host.replace("www.", ""), text).toBe(
            new URL(whole).host.replace("www.", ""),
          );
        }
      }
    }
  });
});

describe("time and depth", () => {
  test.each(Object.entries(HOSTILE))("%s", (_, make) => {
    const [once, longer] = [make(10_000), make(100_000)];
    expect(fastest(() => parseMarkdown(once), 5)).toBeLessThan(5);
    // Ten times the text takes about ten times as long, not a hundred times.
    expect(fastest(() => parseMarkdown(longer), 150)).toBeLessThan(150);
    expect(depthOf(parseMarkdown(longer))).toBeLessThan(30);
  });
});

/** The best of some tries, as soon as one is good enough: others use the machine too. Milliseconds. */
function fastest(run: () => unknown, enough: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 40 && best >= enough; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Everything that a tree carries, in the order in which it was written. */
function everythingIn(blocks: Block[]): string {
  return blocks
    .map((block) => {
      if (block.tag === "p") return inlineIn(block.children);
      if (block.tag === "pre") return block.language + block.text;
      if (block.tag === "blockquote") return everythingIn(block.children);
      return block.items
        .map((item) => (block.after ? `${item.number}` : "") + everythingIn(item.children))
        .join("");
    })
    .join("");
}

function inlineIn(children: Inline[]): string {
  return children
    .map((one) => {
      if (typeof one === "string") return one;
      if (one.tag === "code") return one.text;
      const inner = inlineIn(one.children);
      if (one.tag !== "a" || !one.named) return inner;
      return inner + one.href;
    })
    .join("");
}

/** What of a text isn't in another that has the rest of it in the same order. */
function missing(text: string, kept: string): string {
  let at = 0;
  let lost = "";
  for (const sign of text) {
    if (kept.startsWith(sign, at)) at += sign.length;
    // Only addresses without a scheme get one.
    else if (/^https:\/\/www\./i.test(kept.slice(at, at + 12)) && /w/i.test(sign)) {
      at += 8 + sign.length;
    } else lost += sign;
  }
  return lost + kept.slice(at);
}

function linksIn(blocks: Block[]): Link[] {
  const inline = (children: Inline[]): Link[] =>
    children.flatMap((one) => {
      if (typeof one === "string" || one.tag === "code") return [];
      return one.tag === "a" ? [one, ...inline(one.children)] : inline(one.children);
    });
  return blocks.flatMap((block) => {
    if (block.tag === "p") return inline(block.children);
    if (block.tag === "pre") return [];
    if (block.tag === "blockquote") return linksIn(block.children);
    return block.items.flatMap((item) => linksIn(item.children));
  });
}

function depthOf(tree: unknown): number {
  if (typeof tree !== "object" || !tree) return 0;
  let deepest = 0;
  for (const part of Object.values(tree)) deepest = Math.max(deepest, depthOf(part));
  return deepest + 1;
}

import { expect, test } from "vitest";
import { parseMarkdown } from "../src/markdown/parse.ts";
import { renderMarkdown } from "../src/markdown/render.ts";
import TABLE from "./messages.json" with { type: "json" };

interface Element {
  tag: string;
  props: Record<string, unknown>;
  children: (Element | string)[];
}

const make = (
  tag: string,
  props: Element["props"] | null,
  ...children: Element["children"]
): Element => ({ tag, props: props ?? {}, children });

const render = (text: string) => renderMarkdown(parseMarkdown(text), make, "Code");

function all(element: Element): Element[] {
  return [element, ...element.children.flatMap((one) => (typeof one === "string" ? [] : all(one)))];
}

const find = (text: string, tag: string) => all(render(text)).filter((one) => one.tag === tag);
const words = (element: Element): string =>
  element.children.map((one) => (typeof one === "string" ? one : words(one))).join("");

test("a message is made of these elements, with these properties, and no other", () => {
  const may = {
    div: ["class"],
    p: ["dir"],
    pre: ["dir", "ref", "role", "aria-label", "data-language"],
    blockquote: ["dir"],
    ul: ["dir"],
    ol: ["dir", "start", "class"],
    li: ["value"],
    a: ["href", "dir", "target", "rel", "title"],
    strong: [],
    em: [],
    s: [],
    code: ["dir"],
  } as Record<string, string[]>;
  for (const { text } of TABLE) {
    for (const { tag, props } of all(render(text))) {
      expect(Object.keys(may), text).toContain(tag);
      for (const name of Object.keys(props)) expect(may[tag], `${tag} in ${text}`).toContain(name);
    }
  }
});

test("a link opens beside, gives nothing away, and tells where it leads where its words don't", () => {
  const [bare] = find("https://a.example", "a");
  expect(bare?.props).toEqual({
    href: "https://a.example",
    dir: "auto",
    target: "_blank",
    rel: "noopener noreferrer nofollow ugc",
    title: null,
  });
  expect(find("[us](https://a.example)", "a")[0]?.props.title).toBe("https://a.example");
  const [alike] = find("https://аррӏе.example", "a");
  expect(alike && words(alike)).toBe("https://аррӏе.example (xn--80ak6aa92e.example)");
});

test("an item has its own number", () => {
  const [list] = find("9. a\n120. b\n7. c", "ol");
  expect(list?.props).toMatchObject({ start: 9 });
  const items = find("9. a\n120. b\n7. c", "li");
  expect(items.map(({ props }) => props.value)).toEqual([9, 120, 7]);
  expect(find("1) a", "ol")[0]?.props.class).toBe("bracketed");
  expect(find("- a", "li")[0]?.props).toEqual({});
});

test("code is written from left to right, whatever is around it, and names its language", () => {
  const [code] = find("مرحبا\n```js\nx\n```", "pre");
  expect(code?.props).toMatchObject({ dir: "ltr", "data-language": "js" });
  expect(find("مرحبا `f()`", "code")[0]?.props).toEqual({ dir: "ltr" });
});

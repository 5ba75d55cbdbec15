import { render } from "preact";
import { expect, test } from "vitest";
import { Markdown } from "../src/chat/markdown.tsx";
import { plain } from "../src/shared/plain.ts";

function html(text: string): string {
  const box = document.createElement("div");
  render(<Markdown text={text} />, box);
  return box.innerHTML;
}

const link = (href: string, text: string) =>
  `<a href="${href}" target="_blank" rel="noopener noreferrer">${text}</a>`;

test.each([
  ["plain", "<p>plain</p>"],
  ["a **bold** and *italic* word", "<p>a <b>bold</b> and <i>italic</i> word</p>"],
  ["**bold with *italic* inside**", "<p><b>bold with <i>italic</i> inside</b></p>"],
  ["snake_case_name and 2*3*4", "<p>snake_case_name and 2*3*4</p>"],
  ["`**as is**`", "<p><code>**as is**</code></p>"],
  ["```js\nlet a = 1;\n```", "<pre><code>let a = 1;</code></pre>"],
  ["one\n\ntwo", "<p>one</p><p>two</p>"],
  ["Bring:\n- tea\n- milk\nThanks", "<p>Bring:</p><ul><li>tea</li><li>milk</li></ul><p>Thanks</p>"],
  ["3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'],
  ["[us](https://a.example)", `<p>${link("https://a.example", "us")}</p>`],
  [
    "see https://a.example/x?y=1.",
    `<p>see ${link("https://a.example/x?y=1", "https://a.example/x?y=1")}.</p>`,
  ],
  ["(www.a.example)", `<p>(${link("https://www.a.example", "www.a.example")})</p>`],
  ["to me@a.example!", `<p>to ${link("mailto:me@a.example", "me@a.example")}!</p>`],
  ["[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"],
  ["[x](data:text/html,1)", "<p>[x](data:text/html,1)</p>"],
  ["<b>not</b> & so", "<p>&lt;b&gt;not&lt;/b&gt; &amp; so</p>"],
])("%j becomes %s", (text, expected) => {
  expect(html(text)).toBe(expected);
});

test("long and hostile texts are drawn in no time", () => {
  const hostile = [
    "*a ".repeat(3000),
    "[".repeat(9000),
    "_".repeat(9000),
    "`".repeat(9000),
    "a@".repeat(4000),
  ];
  const start = performance.now();
  for (const text of hostile) html(text);
  expect(performance.now() - start).toBeLessThan(3000);
});

test("a preview has the words without their marks", () => {
  const text = "- **Yes**, `2 * 3` as [described](https://x.example/a_b)\n- snake_case";
  expect(plain(text)).toBe("Yes, 2 * 3 as described\nsnake_case");
});

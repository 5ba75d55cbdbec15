import { h, render } from "preact";
import { expect, test } from "vitest";
import { Markdown } from "../src/chat/markdown.ts";

test("a message becomes elements, with every line break and space, and never markup", () => {
  const box = document.createElement("div");
  render(<Markdown text={"<b>a</b> **b**\n  c\n\n3. d\n7. e"} />, box);
  expect(box.innerHTML).toBe(
    '<div class="markdown"><p dir="auto">&lt;b&gt;a&lt;/b&gt; <strong>b</strong>\n  c</p>' +
      '<ol dir="auto" start="3">' +
      '<li value="3">d</li><li value="7">e</li></ol></div>',
  );
});

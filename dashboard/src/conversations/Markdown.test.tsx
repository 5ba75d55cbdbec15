import { render } from "preact";
import { expect, test } from "vitest";
import TABLE from "../../../protocol/tests/messages.json";
import { Markdown } from "./Markdown";

test("a message becomes elements, with every line break and space, and never markup", () => {
  for (const { text } of TABLE) {
    const host = document.createElement("div");
    render(<Markdown text={text} />, host);
    expect(host.querySelector("img, script, b, iframe"), text).toBeNull();
    expect(host.querySelectorAll(".markdown").length).toBe(1);
  }
  const host = document.createElement("div");
  render(<Markdown text={"<b>a</b>\n  b\n\n3. c\n7. d"} />, host);
  expect(host.innerHTML).toBe(
    '<div class="markdown"><p dir="auto">&lt;b&gt;a&lt;/b&gt;\n  b</p>' +
      '<ol dir="auto" start="3">' +
      '<li value="3">c</li><li value="7">d</li></ol></div>',
  );
});

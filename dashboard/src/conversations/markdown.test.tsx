import { render } from "preact";
import { describe, expect, test } from "vitest";
import { Markdown, plain } from "./markdown";

function drawn(text: string): HTMLElement {
  const host = document.createElement("div");
  render(<Markdown text={text} />, host);
  return host;
}

describe("a message's text", () => {
  test("knows bold, italics, code, links, quotes, lists and fences", () => {
    const host = drawn(
      "**b** _i_ `c` ~~s~~ [l](https://a.example)\n> q\n- one\n- two\n3. three\n```\n<p>\n```",
    );
    for (const tag of ["strong", "em", "code", "s", "a", "blockquote", "ul", "ol", "pre"])
      expect(host.querySelector(tag), tag).not.toBeNull();
    expect(host.querySelectorAll("ul li")).toHaveLength(2);
    expect(host.querySelector("ol")?.getAttribute("start")).toBe("3");
  });

  test("never becomes markup", () => {
    const host = drawn('<img src=x onerror=alert(1)> <script>alert(1)</script> <b>"</b>');
    expect(host.querySelector("img, script, b")).toBeNull();
    expect(host.textContent).toContain("<img src=x onerror=alert(1)>");
  });

  test("links to the web and to mail only", () => {
    const host = drawn(
      "[x](javascript:alert(1)) [y](data:text/html,1) [m](mailto:a@b.example) https://c.example/d.",
    );
    const links = [...host.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      "mailto:a@b.example",
      "https://c.example/d",
    ]);
    expect(links.every((link) => link.rel.includes("noopener"))).toBe(true);
  });

  test("leaves names_with_underscores, 2*3*4 and lone marks alone", () => {
    const text = "snake_case_name and 2*3*4 and ** and _ and `";
    const host = drawn(text);
    expect(host.querySelector("em, strong, code")).toBeNull();
    expect(host.textContent).toBe(text);
  });

  test("finds its own direction by paragraph", () => {
    const host = drawn("مرحبا\n\nhello");
    expect([...host.querySelectorAll("p")].map((p) => p.dir)).toEqual(["auto", "auto"]);
  });

  test("an unclosed fence runs to the end, and a long hostile line is read at once", () => {
    expect(drawn("```\na\nb").querySelector("pre")?.textContent).toBe("a\nb");
    const started = performance.now();
    drawn("**".repeat(2500) + "_a".repeat(2500));
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("a preview is one line without marks", () => {
    expect(plain("**Hi**\n> there\n- `x`\n[l](https://a.example)")).toBe("Hi there x l");
  });
});

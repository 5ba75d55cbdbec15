/** Pages that are, and do, what nobody expects. */

import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { canonicalLocale } from "../src/guest/languages.ts";
import { type HostPage, leave, load } from "./page.ts";

const KEY = { key: "wk_1" };
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 4000, interval: 5 });
const sessions = (page: HostPage) =>
  page.asked.filter(({ path }) => path.endsWith("/session")).map(({ body }) => body);
const errors = (page: HostPage) =>
  page.heard
    .filter(([event]) => event === "error")
    .map(([, detail]) => detail as { code: string; field?: string });
const ready = (page: HostPage) =>
  eventually(() => expect(page.heard.map(([event]) => event)).toContain("ready"));

beforeEach(() => {
  localStorage.clear();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(leave);

describe("a page", () => {
  test("whose elements take the document's names still has a title and an address", async () => {
    const image = Object.assign(document.createElement("img"), { name: "title" });
    vi.spyOn(document, "title", "get").mockReturnValue(image as never);
    vi.spyOn(document, "referrer", "get").mockReturnValue(image as never);
    const page = await load({ data: KEY });
    await ready(page);
    expect(sessions(page)[0]?.page).toEqual({ url: location.href, title: "", referrer: "" });
    vi.restoreAllMocks();
  });

  test("whose title is cut inside an emoji has a chat", async () => {
    document.title = `${"😀".repeat(149)}x👨‍👩‍👧‍👦`;
    const page = await load({ data: KEY });
    await ready(page);
    expect(sessions(page)[0]?.page).toMatchObject({ title: `${"😀".repeat(149)}x` });
    document.title = "\ud83d";
    await eventually(() => expect(sessions(page)).toHaveLength(1));
  });

  test.each(["null", "[]", '"x"', "{", '{"secret":42}', '{"secret":{"a":1}}', '{"look":7}'])(
    "that spoilt what is remembered (%s) has a chat",
    async (spoilt) => {
      localStorage.setItem("foyer:2:wk_1", spoilt);
      const page = await load({ data: KEY });
      await ready(page);
      expect(sessions(page)[0]).not.toHaveProperty("visitor_secret");
    },
  );
});

describe("a locale", () => {
  test.each([
    ["en_US", "en-US"],
    ["de_DE", "de-DE"],
    ["de-de", "de-DE"],
    ["zh_CN.UTF-8", "zh-CN"],
    ["pt-BR@latin", "pt-BR"],
    ["EN", "en"],
    ["sr_Latn", "sr-Latn"],
    ["iw", "he"],
    ["", ""],
    ["C.UTF-8", ""],
    ["POSIX", ""],
    ["xx-invalidtoolong", ""],
    ["??", ""],
  ])("%j is %j", (said, wanted) => expect(canonicalLocale(said)).toBe(wanted));

  test("in WordPress's form is the language's, and a change speaks and is told at once", async () => {
    const page = await load({
      data: { ...KEY, locale: "de_AT" },
      answer: (path: string) => {
        const [, language] = /locales\/(\w+)\.json/.exec(path) ?? [];
        return language
          ? { body: JSON.parse(readFileSync(`public/locales/${language}.json`, "utf8")) }
          : {};
      },
    });
    await ready(page);
    await eventually(() => expect(page.launcher().ariaLabel).toBe("Chat öffnen"));
    expect(sessions(page)).toMatchObject([{ locale: "de-AT" }]);
    page.foyer("update", { locale: "fr_CA" });
    await eventually(() => expect(page.launcher().ariaLabel).toMatch(/Ouvrir/));
    page.foyer("update", { locale: "ar" });
    page.foyer("update", { locale: "en_GB" });
    await eventually(() => expect(page.launcher().ariaLabel).toBe("Open chat"));
    await eventually(() => expect(sessions(page).at(-1)).toMatchObject({ locale: "en-GB" }));
    const asked = sessions(page).length;
    page.foyer("update", { locale: "en-GB", colour: "#112233" });
    await eventually(() => expect(page.launcher().ariaLabel).toBe("Open chat"));
    expect(sessions(page)).toHaveLength(asked);
  });
});

describe("a page that throws the widget out", () => {
  const there = () => document.querySelectorAll("foyer-widget").length;

  test("with its body doesn't even touch it", async () => {
    const page = await load({ data: KEY });
    await ready(page);
    const host = document.querySelector("foyer-widget");
    document.body.replaceWith(document.createElement("body"));
    document.body.innerHTML = "";
    expect([there(), document.querySelector("foyer-widget")]).toEqual([1, host]);
  });

  test("gets it back, once", async () => {
    const page = await load({ data: KEY });
    await ready(page);
    document.querySelector("foyer-widget")?.remove();
    await eventually(() => expect(there()).toBe(1));
    page.foyer("open");
    expect(there()).toBe(1);
  });

  test("again and again is let go at last, and told; `open` is a wish for it still", async () => {
    const page = await load({ data: KEY });
    await ready(page);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    let removed = 0;
    const insists = new MutationObserver(() => {
      const host = document.querySelector("foyer-widget");
      removed += host ? 1 : 0;
      host?.remove();
    });
    insists.observe(document.documentElement, { childList: true });
    document.querySelector("foyer-widget")?.remove();
    for (let step = 0; step < 200; step += 1) await vi.advanceTimersByTimeAsync(1000);
    insists.disconnect();
    expect(removed).toBeLessThanOrEqual(10);
    expect(removed).toBeGreaterThan(2);
    expect(errors(page).filter(({ code }) => code === "removed")).toHaveLength(1);
    expect(there()).toBe(0);
    page.foyer("open");
    expect(there()).toBe(1);
    vi.useRealTimers();
  });
});

test("docs/widget.md lists every code of the page's own", () => {
  const told = readFileSync("../docs/widget.md", "utf8");
  const [, union] =
    /type ErrorCode =([^;]*);/.exec(readFileSync("src/shared/shell.ts", "utf8")) ?? [];
  const codes = [...(union ?? "").matchAll(/"([^"]+)"/g)].map(([, code]) => code);
  const [, table] = /## Errors\n([\s\S]*?)\n## /.exec(told) ?? [];
  const listed = [...(table ?? "").matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code);
  expect(listed.sort()).toEqual(codes.sort());
});

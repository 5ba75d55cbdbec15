import { describe, expect, test } from "vitest";
import { keyStroke } from "./commands";
import { decodePath, match, ownPath } from "./paths";
import { navigate, place } from "./router";
import { stopwatch } from "./time";

describe("an address", () => {
  test.each([
    ["/conversations/:id?", "/conversations", {}],
    ["/conversations/:id?", "/conversations/cnv_1", { id: "cnv_1" }],
    ["/conversations/:id?", "/conversations/cnv_1/more", null],
    ["/invitations/:token", "/invitations", null],
    ["/visitors", "/contacts", null],
  ])("%s and %s give %j", (pattern, path, expected) => {
    expect(match(pattern, path)).toEqual(expected);
  });
});

describe("an address that somebody made up", () => {
  test.each([
    ["/%E0%A4%A", "/%E0%A4%A"],
    ["/%", "/%"],
    ["/contacts/%zz/", "/contacts/%zz"],
    ["/%C3%A9t%C3%A9", "/été"],
    ["/a%2Fb", "/a%2Fb"],
    ["//", "/"],
  ])("%s reads %s", (pathname, expected) => {
    expect(decodePath(pathname)).toBe(expected);
  });

  test.each([
    ["//evil.example/x", "/evil.example/x"],
    ["///evil.example", "/evil.example"],
    ["/\\evil.example/x", "/evil.example/x"],
    ["/\t/evil.example", "/evil.example"],
    ["\\\\evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["https://evil.example/", "/"],
    ["evil.example", "/"],
    ["", "/"],
    [`/${"x".repeat(5000)}`, "/"],
    ["/contacts/con_1?q=//a", "/contacts/con_1?q=//a"],
    ["/conversations/a%2Fb?status=all", "/conversations/a%2Fb?status=all"],
  ])("%j leads to %s and nowhere else", (url, expected) => {
    expect(ownPath(url)).toBe(expected);
    navigate(url);
    expect(location.origin + ownPath(url)).toBe(location.href);
    expect(place.value.path).toBe(decodePath(location.pathname));
  });
});

describe("a stroke", () => {
  const press = (init: KeyboardEventInit) => keyStroke(new KeyboardEvent("keydown", init));

  test("is named by its letter, with Ctrl and Command alike", () => {
    expect(press({ key: "j" })).toBe("j");
    expect(press({ key: "k", ctrlKey: true })).toBe("Mod-k");
    expect(press({ key: "k", metaKey: true })).toBe("Mod-k");
    expect(press({ key: "?", shiftKey: true })).toBe("?");
  });

  test("is found by its place where the layout has other letters", () => {
    expect(press({ key: "о", code: "KeyJ" })).toBe("j");
  });

  test("stays what a Latin layout says, wherever the key is", () => {
    expect(press({ key: "z", code: "KeyY" })).toBe("z");
  });
});

describe("time on site", () => {
  test.each([
    [7, "0:07"],
    [67, "1:07"],
    [3667, "1:01:07"],
  ])("of %i seconds reads %s", (seconds, expected) => {
    const since = new Date(0).toISOString();
    expect(stopwatch(since, seconds * 1000)).toBe(expected);
  });
});

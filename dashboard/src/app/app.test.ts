import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { strokeOf } from "./commands";
import { match } from "./router";
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

describe("a stroke", () => {
  const press = (init: KeyboardEventInit) => strokeOf(new KeyboardEvent("keydown", init));

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

describe("drafts", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => localStorage.clear());

  test("are kept by conversation until they are empty", async () => {
    const { draftOf, setDraft } = await import("../conversations/drafts");
    setDraft("cnv_1", "half a sentence");
    setDraft("cnv_2", "x");
    setDraft("cnv_2", "");
    expect([draftOf("cnv_1"), draftOf("cnv_2")]).toEqual(["half a sentence", ""]);
    expect(JSON.parse(localStorage.getItem("foyer.drafts") ?? "")).toEqual({
      cnv_1: "half a sentence",
    });
  });
});

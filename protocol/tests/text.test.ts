import { describe, expect, test } from "vitest";
import { toJson, toWellFormed, truncate } from "../src/text.ts";

const FAMILY = "👨‍👩‍👧‍👦";
const FLAG = "🇩🇪";

test("half a pair becomes a sign that UTF-8 can carry, a whole one stays", () => {
  expect(toWellFormed("a\ud83d")).toBe("a\ufffd");
  expect(toWellFormed("\ude00\ud83d")).toBe("\ufffd\ufffd");
  expect(toWellFormed(`${FAMILY}${FLAG}é`)).toBe(`${FAMILY}${FLAG}é`);
});

describe("what is cut", () => {
  test.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "abc"],
    ["ab😀", 3, "ab"],
    [`ab${FAMILY}c`, 4, "ab"],
    [`${FLAG}${FLAG}`, 6, FLAG],
    ["e\u0301e\u0301", 3, "e\u0301"],
    ["\ud83d", 300, "\ufffd"],
    ["", 3, ""],
  ])("%j to %i is %j", (text, limit, wanted) => expect(truncate(text, limit)).toBe(wanted));

  test("has its length and no half, wherever it is cut", () => {
    const text = `x${FAMILY}${FLAG}e\u0301\ud83d`.repeat(40);
    for (let limit = 1; limit < 300; limit += 1) {
      const short = truncate(text, limit);
      expect(short.length).toBeLessThanOrEqual(limit);
      expect(toWellFormed(short)).toBe(short);
      if (limit > 12) expect(short.length).toBeGreaterThan(limit - 12);
    }
  });

  test("is cut after all where one character is longer than the limit", () => {
    const tower = `a${"\u0301".repeat(50)}`;
    expect(truncate(tower, 10)).toBe(tower.slice(0, 10));
  });
});

test("everything in JSON is well-formed, however deep", () => {
  const sent = toJson({ page: { title: "\ud83d" }, list: ["\udfff", 1, null], ok: "😀" });
  expect(JSON.parse(sent)).toEqual({
    page: { title: "\ufffd" },
    list: ["\ufffd", 1, null],
    ok: "😀",
  });
  expect(() =>
    new TextDecoder("utf-8", { fatal: true }).decode(new TextEncoder().encode(sent)),
  ).not.toThrow();
  expect(sent).not.toContain("\\ud");
});

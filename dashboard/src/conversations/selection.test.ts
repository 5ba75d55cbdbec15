import { describe, expect, test } from "vitest";
import { EMPTY_SELECTION, extend, keepListed, stepFrom, toggle } from "./selection";

const ORDER = ["a", "b", "c", "d", "e"];

describe("marking rows", () => {
  test("a range runs from the row marked last, in both directions", () => {
    expect(extend(toggle(EMPTY_SELECTION, "b"), "d", ORDER).ids).toEqual(["b", "c", "d"]);
    expect(extend(toggle(EMPTY_SELECTION, "d"), "b", ORDER).ids).toEqual(["d", "b", "c"]);
  });

  test("marking twice unmarks", () => {
    expect(toggle(toggle(EMPTY_SELECTION, "a"), "a").ids).toEqual([]);
  });

  test("rows that have left the list aren't marked any more", () => {
    const marked = extend(toggle(EMPTY_SELECTION, "a"), "c", ORDER);
    expect(keepListed(marked, ["a", "c"]).ids).toEqual(["a", "c"]);
    expect(keepListed(marked, ORDER)).toBe(marked);
  });
});

describe("moving by key", () => {
  test("stops at both ends", () => {
    expect(stepFrom(ORDER, "e", 4, 1)).toBe("e");
    expect(stepFrom(ORDER, "a", 0, -1)).toBe("a");
  });

  test("goes on where the row was that has just been closed", () => {
    const rest = ["a", "b", "d", "e"];
    expect(stepFrom(rest, "c", 2, 1)).toBe("d");
    expect(stepFrom(rest, "c", 2, -1)).toBe("b");
  });

  test("begins at the top, and nowhere in an empty list", () => {
    expect(stepFrom(ORDER, null, 0, 1)).toBe("a");
    expect(stepFrom([], "a", 0, 1)).toBeNull();
  });
});

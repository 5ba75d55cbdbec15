import { describe, expect, test } from "vitest";
import { extend, NOTHING, stepFrom, toggle, within } from "./selection";

const ORDER = ["a", "b", "c", "d", "e"];

describe("marking rows", () => {
  test("a range runs from the row marked last, in both directions", () => {
    expect(extend(toggle(NOTHING, "b"), "d", ORDER).ids).toEqual(["b", "c", "d"]);
    expect(extend(toggle(NOTHING, "d"), "b", ORDER).ids).toEqual(["d", "b", "c"]);
  });

  test("marking twice unmarks", () => {
    expect(toggle(toggle(NOTHING, "a"), "a").ids).toEqual([]);
  });

  test("rows that have left the list aren't marked any more", () => {
    const marked = extend(toggle(NOTHING, "a"), "c", ORDER);
    expect(within(marked, ["a", "c"]).ids).toEqual(["a", "c"]);
    expect(within(marked, ORDER)).toBe(marked);
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

import { describe, expect, test } from "vitest";
import { initials } from "./Avatar";
import { nextItem } from "./Menu";
import { rank, score } from "./match";

describe("finding by words", () => {
  test("every word must be there, accents and case don't matter", () => {
    expect(score("Émilie Dubois", "dub emi")).toBeGreaterThan(0);
    expect(score("Émilie Dubois", "emilie x")).toBe(0);
  });

  test("the start beats a word's start, which beats the middle; equals keep their order", () => {
    const names = ["Mc Anna", "Joanna", "Anna", "Annabel"];
    expect(rank(names, "anna", (name) => name)).toEqual(["Anna", "Annabel", "Mc Anna", "Joanna"]);
  });

  test("marks of a pattern are just marks", () => {
    expect(score("C++ (draft)", "c++ (")).toBeGreaterThan(0);
  });
});

describe("a person's initials", () => {
  test.each([
    ["Ada Lovelace", "AL"],
    ["  Jo ", "J"],
    ["田中さくら", "田"],
    ["👩‍💻 Dev", "👩‍💻D"],
    ["", "?"],
  ])("of %s are %s", (name, expected) => expect(initials(name)).toBe(expected));
});

describe("moving in a menu", () => {
  const items = ["Close", "Snooze", "Assign", "Archive"].map((label) => {
    const button = document.createElement("button");
    button.textContent = label;
    return button;
  });
  const move = (from: number, key: string) => {
    const next = nextItem(items, items[from] ?? null, key);
    return next ? next.textContent : undefined;
  };

  test("arrows wrap around, Home and End jump", () => {
    expect([move(3, "ArrowDown"), move(0, "ArrowUp"), move(2, "Home"), move(0, "End")]).toEqual([
      "Close",
      "Archive",
      "Close",
      "Archive",
    ]);
  });

  test("a letter goes to the next line that begins with it", () => {
    expect([move(0, "a"), move(2, "a"), move(3, "a"), move(0, "q")]).toEqual([
      "Assign",
      "Archive",
      "Assign",
      undefined,
    ]);
  });
});

import type { OperatorEvent } from "@foyer/protocol";
import { expect, test } from "vitest";
import { aContact, at } from "../testing/builders";
import { EMPTY, fold, merge } from "./model";

const frame = (
  type: "contact.created" | "contact.updated",
  contact: ReturnType<typeof aContact>,
): OperatorEvent => ({ type, id: "evt_1", at: at(1), data: { contact } });
const some = merge(EMPTY, { data: [aContact("con_1", { version: 2 })], next_cursor: null });

test("a contact that moved between two pages is listed once", () => {
  const more = { data: [aContact("con_1"), aContact("con_2")], next_cursor: null };
  expect(merge(some, more).rows.map((one) => one.id)).toEqual(["con_1", "con_2"]);
});

test("a newer version replaces a row where it stands, an older one doesn't", () => {
  const newer = frame("contact.updated", aContact("con_1", { name: "Anna W.", version: 3 }));
  const older = frame("contact.updated", aContact("con_1", { name: "A.", version: 1 }));
  expect(fold(some, newer, true).rows[0]?.name).toBe("Anna W.");
  expect(fold(some, older, true)).toBe(some);
});

test("a new contact comes to the front, unless a search is shown", () => {
  const born = frame("contact.created", aContact("con_9"));
  expect(fold(some, born, true).rows[0]?.id).toBe("con_9");
  expect(fold(some, born, false)).toBe(some);
});

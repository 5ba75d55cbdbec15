import type { Contact, OperatorEvent } from "@foyer/protocol";
import { expect, test } from "vitest";
import { addPage, applyChange, NO_ROWS, type Rows, rowsOf } from "../core/rows";
import { aContact, at } from "../testing/builders";
import { fold, listingOf } from "./model";

type State = Rows<Contact>;

const frame = (type: "contact.created" | "contact.updated", contact: Contact): OperatorEvent => ({
  type,
  id: "evt_1",
  at: at(1),
  data: { contact },
});
const apply = (state: State, frame: OperatorEvent) =>
  fold(frame, state.byId).reduce(applyChange, state);
const listState = (query: string, ...data: Contact[]): State =>
  addPage(NO_ROWS as State, listingOf(query), { data, next_cursor: null });
const names = (state: State, query: string) =>
  rowsOf(state, listingOf(query)).map((one) => one.name);

test("a newer version replaces a contact where it stands, an older one doesn't", () => {
  const some = listState(
    "an",
    aContact("con_1", { version: 2 }),
    aContact("con_2", { name: "Ann" }),
  );
  const newer = frame("contact.updated", aContact("con_1", { name: "Anna W.", version: 3 }));
  const older = frame("contact.updated", aContact("con_1", { name: "A.", version: 1 }));
  expect(names(apply(some, newer), "an")).toEqual(["Anna W.", "Ann"]);
  expect(apply(some, older)).toBe(some);
});

test("a new contact comes to the front of everybody, and into no search", () => {
  const created = frame("contact.created", aContact("con_9", { name: "Bo", created_at: at(9) }));
  expect(names(apply(listState("", aContact("con_1")), created), "")).toEqual(["Bo", "Anna"]);
  expect(names(apply(listState("an", aContact("con_1")), created), "an")).toEqual(["Anna"]);
});

test("a change of a contact that isn't here yet waits for its page", () => {
  const some = listState("", aContact("con_1"));
  expect(apply(some, frame("contact.updated", aContact("con_2")))).toBe(some);
});

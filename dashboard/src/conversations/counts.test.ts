import type { Conversation } from "@foyer/protocol";
import { describe, expect, test } from "vitest";
import { aConversation } from "../testing/builders";
import { differenceOf } from "./counts";

const ME = "usr_me";
const NOTHING = { all: 0, mine: 0, unassigned: 0 };

function difference(before: Partial<Conversation>, after: Partial<Conversation>) {
  const rows = (change: Partial<Conversation>) => ({ cnv_1: aConversation(change) });
  return differenceOf(rows(before), rows(after), ME);
}

describe("what becomes of a row that is known here", () => {
  test("a close takes it from the open and, if it was unread, from those", () => {
    const mine = { assignee: { id: ME, name: "Me" }, unread: 2 };
    expect(difference(mine, { ...mine, status: "closed" })).toEqual({
      open: { all: -1, mine: -1, unassigned: 0 },
      unread: { all: -1, mine: -1, unassigned: 0 },
    });
  });

  test("an assignment moves it from one queue to the other, and all stay as many", () => {
    expect(difference({ assignee: null }, { assignee: { id: ME, name: "Me" } }).open).toEqual({
      all: 0,
      mine: 1,
      unassigned: -1,
    });
  });

  test("more of the same is still one unread conversation", () => {
    expect(difference({ unread: 1 }, { unread: 4 }).unread).toEqual(NOTHING);
    expect(difference({ assignee: null, unread: 0 }, { assignee: null, unread: 1 }).unread).toEqual(
      {
        all: 1,
        mine: 0,
        unassigned: 1,
      },
    );
  });

  test("a row that is only fetched now may always have been there", () => {
    const fetched = { cnv_1: aConversation({ unread: 3 }) };
    expect(differenceOf({}, fetched, ME).open).toEqual(NOTHING);
    expect(differenceOf(fetched, {}, ME).open).toEqual(NOTHING);
  });
});

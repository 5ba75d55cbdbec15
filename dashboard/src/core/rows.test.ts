import { describe, expect, test } from "vitest";
import {
  addPage,
  amend,
  applyChange,
  type Change,
  type Listing,
  NO_ROWS,
  type Rows,
  rowsOf,
} from "./rows";

interface Ticket {
  id: string;
  version: number;
  rank: number;
  open: boolean;
}

const aTicket = (id: string, told: Partial<Ticket> = {}): Ticket => ({
  id,
  version: 1,
  rank: Number(id),
  open: true,
  ...told,
});
const OPEN: Listing<Ticket> = {
  key: "open",
  rule: { matches: (one) => one.open, compare: (a, b) => a.rank - b.rank },
};
const FOUND: Listing<Ticket> = { key: "search" };
const page = (next_cursor: string | null, ...data: Ticket[]) => ({ data, next_cursor });
const after = (rows: Rows<Ticket>, ...changes: Change<Ticket>[]) =>
  changes.reduce(applyChange, rows);
const ids = (rows: Rows<Ticket>, listing = OPEN) => rowsOf(rows, listing).map((one) => one.id);
const some = addPage<Ticket>(NO_ROWS, OPEN, page("more", aTicket("1"), aTicket("3")));

describe("a list by a rule", () => {
  test("has what fits, in order, as far as it was fetched", () => {
    const told = after(some, { put: aTicket("2") }, { put: aTicket("9") });
    expect(ids(told)).toEqual(["1", "2", "3"]);
    expect(ids(addPage(told, OPEN, page(null, aTicket("4"))))).toEqual(["1", "2", "3", "4", "9"]);
  });

  test("loses a row that doesn't fit any more, and moves one whose place is another", () => {
    const shut = after(some, { put: aTicket("1", { open: false, version: 2 }) });
    expect(ids(shut)).toEqual(["3"]);
    expect(ids(after(some, { put: aTicket("3", { rank: 0, version: 2 }) }))).toEqual(["3", "1"]);
  });
});

describe("a list that only the server can make", () => {
  const found = addPage<Ticket>(NO_ROWS, FOUND, page("more", aTicket("7"), aTicket("2")));

  test("stays as it was fetched; a row that moved between two pages is there once", () => {
    const told = after(found, { put: aTicket("5") }, { put: aTicket("2", { version: 2 }) });
    const whole = addPage(told, FOUND, page(null, aTicket("7"), aTicket("1")));
    expect(ids(whole, FOUND)).toEqual(["7", "2", "1"]);
    expect(whole.byId["2"]?.version).toBe(2);
  });
});

describe("frames", () => {
  const changes: Change<Ticket>[] = [
    { put: aTicket("1", { version: 3, rank: 8 }) },
    { put: aTicket("2", { version: 2 }) },
    { remove: "3" },
  ];

  test("that repeat or come late change nothing", () => {
    const once = after(some, ...changes);
    const late = [{ put: aTicket("1", { version: 2 }) }, { put: aTicket("3") }];
    expect(after(once, ...changes, ...late)).toEqual(once);
  });

  test("give the same as fetching afresh, in whichever order they come", () => {
    const all = addPage(some, OPEN, page(null));
    const truth = page(null, aTicket("2", { version: 2 }), aTicket("1", { version: 3, rank: 8 }));
    const fresh = rowsOf(addPage<Ticket>(NO_ROWS, OPEN, truth), OPEN);
    for (const order of [changes, changes.toReversed()]) {
      expect(rowsOf(after(all, ...order), OPEN)).toEqual(fresh);
    }
  });

  test("bring back a row that went only with a newer version", () => {
    const gone = after(some, { remove: "3" });
    expect(ids(addPage(gone, OPEN, page("more", aTicket("3"))))).toEqual(["1"]);
    expect(ids(after(gone, { put: aTicket("3", { version: 2 }) }))).toEqual(["1", "3"]);
  });
});

test("our own change of a row that isn't here is none", () => {
  expect(amend(some, "9", { open: false })).toBe(some);
  expect(ids(amend(some, "1", { open: false }))).toEqual(["3"]);
});

import type { Contact, OperatorEvent } from "@foyer/protocol";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { aContact, at } from "../testing/builders";
import { type Collection, collection } from "./collection";
import { speak } from "./messages";
import type { Change } from "./rows";

type Query = "all" | "blocked";

/** A server that keeps contacts, hands them out in pages of two, and may be out of reach. */
let kept: Contact[];
let isReachable: boolean;
let asked: string[];
/** Answers wait for this one. */
let gate: Promise<void>;
let open: Collection<Contact, Query>;
let looked: Query[];
let leave: () => void;

const listing = (query: Query) => ({
  key: query,
  rule: {
    fits: (one: Contact) => query === "all" || one.blocked,
    compare: (a: Contact, b: Contact) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  },
});

async function fetchPage(query: Query, cursor: string | null) {
  asked.push(`${query} ${cursor ?? "first"}`);
  const fits = kept.filter(listing(query).rule.fits).sort(listing(query).rule.compare);
  const rest = fits.filter((one) => one.id > (cursor ?? ""));
  const data = rest.slice(0, 2);
  const next_cursor = rest.length > 2 ? (data.at(-1)?.id ?? null) : null;
  await gate;
  if (!isReachable) throw new Error("offline");
  return { data, next_cursor };
}

function fold(frame: OperatorEvent): Change<Contact>[] {
  if (frame.type === "contact.updated") return [{ put: frame.data.contact }];
  return frame.type === "visitor.offline" ? [{ remove: frame.data.id }] : [];
}

const updated = (contact: Contact): OperatorEvent => ({
  type: "contact.updated",
  id: "evt",
  at: at(1),
  data: { contact },
});
const removed = (id: string): OperatorEvent => ({
  type: "visitor.offline",
  id: "evt",
  at: at(1),
  data: { id },
});
const ids = (query: Query = "all") => open.list(query).rows.map((one) => one.id);
const settled = () => new Promise((done) => setTimeout(done));

function shut(): () => void {
  let letThrough = () => {};
  gate = new Promise((done) => {
    letThrough = done;
  });
  return letThrough;
}

beforeAll(() => speak("en"));

beforeEach(() => {
  kept = ["a", "b", "c", "d", "e"].map((id) => aContact(id));
  isReachable = true;
  asked = [];
  gate = Promise.resolve();
  looked = ["all"];
  open = collection({ fetchPage, listing, fold, held: () => looked, keeps: () => ["kept"] });
  leave = open.start();
  return leave;
});

describe("pages", () => {
  test("come one after the other until everything is here", async () => {
    expect(open.list("all")).toMatchObject({ rows: [], isFetched: false, isWhole: false });
    for (const count of [2, 4, 5, 5]) {
      await open.loadMore("all");
      expect(ids()).toHaveLength(count);
    }
    expect(open.list("all")).toMatchObject({ isFetched: true, isWhole: true });
    expect(asked).toEqual(["all first", "all b", "all d"]);
  });

  test("are asked for once at a time", async () => {
    await Promise.all([open.loadMore("all"), open.loadMore("all")]);
    expect(asked).toEqual(["all first"]);
  });

  test("that can't be had are told, keep what is here, and come when they are asked for again", async () => {
    await open.loadMore("all");
    isReachable = false;
    await open.loadMore("all");
    expect(ids()).toEqual(["a", "b"]);
    expect(open.list("all").failure).toBeTruthy();
    isReachable = true;
    await open.loadMore("all");
    expect(open.list("all").failure).toBeNull();
    expect(ids()).toEqual(["a", "b", "c", "d"]);
  });

  test("come at once where a list is whole or nothing", async () => {
    open = collection({ fetchPage, listing, fold, held: () => looked, pagesAtOnce: 10 });
    await open.loadMore("all");
    expect(ids()).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("that answer after everybody has left change nothing", async () => {
    const letThrough = shut();
    const loading = open.loadMore("all");
    leave();
    letThrough();
    await loading;
    expect(open.list("all")).toMatchObject({ rows: [], isFetched: false, isLoading: false });
  });
});

describe("frames", () => {
  test("bring a row into one list and out of another", async () => {
    await Promise.all([open.loadMore("all"), open.loadMore("blocked")]);
    open.hear(updated(aContact("a", { blocked: true, version: 2 })));
    expect([ids(), ids("blocked")]).toEqual([["a", "b"], ["a"]]);
    open.hear(updated(aContact("a", { version: 3 })));
    open.hear(updated(aContact("a", { blocked: true, version: 2 })));
    expect([ids(), ids("blocked")]).toEqual([["a", "b"], []]);
  });

  test("take a row away although a page that was on its way still has it", async () => {
    await open.loadMore("all");
    const letThrough = shut();
    const loading = open.loadMore("all");
    open.hear(updated(aContact("c", { version: 2 })));
    open.hear(removed("c"));
    letThrough();
    await loading;
    expect(ids()).toEqual(["a", "b", "d"]);
  });
});

describe("our own changes", () => {
  test("are shown ahead of the answer, whatever frames say meanwhile", async () => {
    await Promise.all([open.loadMore("all"), open.loadMore("blocked")]);
    const drop = open.propose("a", { blocked: true });
    open.hear(updated(aContact("a", { name: "Anna W.", version: 2 })));
    expect(open.byId.value.a).toMatchObject({ name: "Anna W.", blocked: true });
    expect(ids("blocked")).toEqual(["a"]);
    drop();
    expect(ids("blocked")).toEqual([]);
  });

  test("of one row end each by itself", async () => {
    await open.loadMore("all");
    const first = open.propose("a", { blocked: true });
    const second = open.propose("a", { name: "Bo" });
    first();
    expect(open.byId.value.a).toMatchObject({ name: "Bo", blocked: false });
    second();
    expect(open.byId.value.a).toEqual(kept[0]);
  });
});

describe("after a gap", () => {
  beforeEach(async () => {
    await open.loadMore("all");
    await open.loadMore("all");
    asked = [];
  });

  test("what is looked at is as a fresh fetch has it, as far as it was here", async () => {
    kept = [aContact("b", { name: "Bo", version: 2 }), aContact("c"), aContact("d")];
    await open.refetch();
    expect(open.list("all").rows).toEqual(kept);
    expect(asked).toEqual(["all first", "all c"]);
  });

  test("the screen is never empty meanwhile, nor when it fails", async () => {
    const letThrough = shut();
    isReachable = false;
    const fetching = open.refetch();
    expect(ids()).toHaveLength(4);
    letThrough();
    await fetching;
    expect(open.list("all")).toMatchObject({ isFetched: true, failure: null });
    expect(ids()).toHaveLength(4);
  });

  test("frames that come meanwhile count for more than what was fetched", async () => {
    const letThrough = shut();
    const fetching = open.refetch();
    open.hear(updated(aContact("a", { name: "Bo", version: 2 })));
    open.hear(removed("b"));
    letThrough();
    await fetching;
    expect(open.byId.value.a?.name).toBe("Bo");
    expect(ids()).toEqual(["a", "c", "d"]);
  });

  test("another gap meanwhile is fetched after, once", async () => {
    const letThrough = shut();
    const fetching = open.refetch();
    kept = [aContact("z")];
    void open.refetch();
    void open.refetch();
    letThrough();
    await fetching;
    await settled();
    expect(ids()).toEqual(["z"]);
    expect(asked).toEqual(["all first", "all b", "all first"]);
  });

  test("lists that nobody looks at are forgotten, rows that are kept aren't", async () => {
    await open.loadMore("blocked");
    open.put(aContact("kept"));
    open.put(aContact("other"));
    await open.refetch();
    expect(open.list("blocked").isFetched).toBe(false);
    expect(Object.keys(open.byId.value).sort()).toEqual(["a", "b", "c", "d", "kept"]);
  });
});

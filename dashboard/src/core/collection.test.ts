import type { Contact, OperatorEvent } from "@foyer/protocol";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { aContact, at } from "../testing/builders";
import { type Collection, collection } from "./collection";
import { setLanguage } from "./messages";
import type { Change } from "./rows";

type Query = "all" | "blocked";

/** A server that keeps contacts, hands them out in pages of two, and may be out of reach. */
let serverRows: Contact[];
let isReachable: boolean;
let requests: string[];
/** Answers wait for this one. */
let gate: Promise<void>;
let open: Collection<Contact, Query>;
let filters: Query[];
let stop: () => void;

const listing = (query: Query) => ({
  key: query,
  rule: {
    matches: (one: Contact) => query === "all" || one.blocked,
    compare: (a: Contact, b: Contact) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  },
});

async function fetchPage(query: Query, cursor: string | null) {
  requests.push(`${query} ${cursor ?? "first"}`);
  const rows = serverRows.filter(listing(query).rule.matches).sort(listing(query).rule.compare);
  const rest = rows.filter((one) => one.id > (cursor ?? ""));
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

const updateFrame = (contact: Contact): OperatorEvent => ({
  type: "contact.updated",
  id: "evt",
  at: at(1),
  data: { contact },
});
const removeFrame = (id: string): OperatorEvent => ({
  type: "visitor.offline",
  id: "evt",
  at: at(1),
  data: { id },
});
const ids = (query: Query = "all") => open.list(query).rows.map((one) => one.id);
const settle = () => new Promise((done) => setTimeout(done));

function closeGate(): () => void {
  let openGate = () => {};
  gate = new Promise((done) => {
    openGate = done;
  });
  return openGate;
}

beforeAll(() => setLanguage("en"));

beforeEach(() => {
  serverRows = ["a", "b", "c", "d", "e"].map((id) => aContact(id));
  isReachable = true;
  requests = [];
  gate = Promise.resolve();
  filters = ["all"];
  open = collection({
    fetchPage,
    listing,
    fold,
    listActiveFilters: () => filters,
    listPinnedIds: () => ["kept"],
  });
  stop = open.start();
  return stop;
});

describe("pages", () => {
  test("come one after the other until everything is here", async () => {
    expect(open.list("all")).toMatchObject({ rows: [], isFetched: false, isWhole: false });
    for (const count of [2, 4, 5, 5]) {
      await open.loadMore("all");
      expect(ids()).toHaveLength(count);
    }
    expect(open.list("all")).toMatchObject({ isFetched: true, isWhole: true });
    expect(requests).toEqual(["all first", "all b", "all d"]);
  });

  test("are asked for once at a time", async () => {
    await Promise.all([open.loadMore("all"), open.loadMore("all")]);
    expect(requests).toEqual(["all first"]);
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
    open = collection({
      fetchPage,
      listing,
      fold,
      listActiveFilters: () => filters,
      pagesAtOnce: 10,
    });
    await open.loadMore("all");
    expect(ids()).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("that answer after everybody has left change nothing", async () => {
    const openGate = closeGate();
    const loading = open.loadMore("all");
    stop();
    openGate();
    await loading;
    expect(open.list("all")).toMatchObject({ rows: [], isFetched: false, isLoading: false });
  });
});

describe("frames", () => {
  test("bring a row into one list and out of another", async () => {
    await Promise.all([open.loadMore("all"), open.loadMore("blocked")]);
    open.applyFrame(updateFrame(aContact("a", { blocked: true, version: 2 })));
    expect([ids(), ids("blocked")]).toEqual([["a", "b"], ["a"]]);
    open.applyFrame(updateFrame(aContact("a", { version: 3 })));
    open.applyFrame(updateFrame(aContact("a", { blocked: true, version: 2 })));
    expect([ids(), ids("blocked")]).toEqual([["a", "b"], []]);
  });

  test("take a row away although a page that was on its way still has it", async () => {
    await open.loadMore("all");
    const openGate = closeGate();
    const loading = open.loadMore("all");
    open.applyFrame(updateFrame(aContact("c", { version: 2 })));
    open.applyFrame(removeFrame("c"));
    openGate();
    await loading;
    expect(ids()).toEqual(["a", "b", "d"]);
  });
});

describe("our own changes", () => {
  test("are shown ahead of the answer, whatever frames say meanwhile", async () => {
    await Promise.all([open.loadMore("all"), open.loadMore("blocked")]);
    const drop = open.applyOptimistically("a", { blocked: true });
    open.applyFrame(updateFrame(aContact("a", { name: "Anna W.", version: 2 })));
    expect(open.byId.value.a).toMatchObject({ name: "Anna W.", blocked: true });
    expect(ids("blocked")).toEqual(["a"]);
    drop();
    expect(ids("blocked")).toEqual([]);
  });

  test("of one row end each by itself", async () => {
    await open.loadMore("all");
    const first = open.applyOptimistically("a", { blocked: true });
    const second = open.applyOptimistically("a", { name: "Bo" });
    first();
    expect(open.byId.value.a).toMatchObject({ name: "Bo", blocked: false });
    second();
    expect(open.byId.value.a).toEqual(serverRows[0]);
  });
});

describe("after a gap", () => {
  beforeEach(async () => {
    await open.loadMore("all");
    await open.loadMore("all");
    requests = [];
  });

  test("what is looked at is as a fresh fetch has it, as far as it was here", async () => {
    serverRows = [aContact("b", { name: "Bo", version: 2 }), aContact("c"), aContact("d")];
    await open.refetch();
    expect(open.list("all").rows).toEqual(serverRows);
    expect(requests).toEqual(["all first", "all c"]);
  });

  test("the screen is never empty meanwhile, nor when it fails", async () => {
    const openGate = closeGate();
    isReachable = false;
    const fetching = open.refetch();
    expect(ids()).toHaveLength(4);
    openGate();
    await fetching;
    expect(open.list("all")).toMatchObject({ isFetched: true, failure: null });
    expect(ids()).toHaveLength(4);
  });

  test("frames that come meanwhile count for more than what was fetched", async () => {
    const openGate = closeGate();
    const fetching = open.refetch();
    open.applyFrame(updateFrame(aContact("a", { name: "Bo", version: 2 })));
    open.applyFrame(removeFrame("b"));
    openGate();
    await fetching;
    expect(open.byId.value.a?.name).toBe("Bo");
    expect(ids()).toEqual(["a", "c", "d"]);
  });

  test("another gap meanwhile is fetched after, once", async () => {
    const openGate = closeGate();
    const fetching = open.refetch();
    serverRows = [aContact("z")];
    void open.refetch();
    void open.refetch();
    openGate();
    await fetching;
    await settle();
    expect(ids()).toEqual(["z"]);
    expect(requests).toEqual(["all first", "all b", "all first"]);
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

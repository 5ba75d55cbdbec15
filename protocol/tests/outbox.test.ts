import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../src/http.ts";
import { createOutbox, type Entry, type Outbox, slowAt } from "../src/outbox.ts";

let open: Outbox[] = [];
let sent: { client_id: string; conversation: string; text: string }[] = [];
/** What the server does with the next entry; the default accepts it. */
let answer: (entry: Entry) => Promise<{ conversation_id: string }>;

const accept = async (entry: Entry) => ({
  conversation_id: entry.conversation.startsWith("new:") ? "cnv_made" : entry.conversation,
});
const noNetwork = async () => {
  throw new Problem(0, { code: "network" });
};
const refuse = async () => {
  throw new Problem(422, { detail: "Too long." });
};

async function anOutbox(owner = "vis_1"): Promise<Outbox> {
  const outbox = createOutbox({
    owner,
    random: () => 0,
    send: async (entry) => {
      const result = await answer(entry);
      sent.push(entry);
      return result;
    },
  });
  open.push(outbox);
  await outbox.ready;
  return outbox;
}

const texts = () => sent.map(({ text }) => text);
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 4000, interval: 5 });

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  answer = accept;
  sent = [];
});
afterEach(() => {
  for (const outbox of open) outbox.close();
  open = [];
  vi.unstubAllGlobals();
});

describe.each([true, false])("an outbox, locks: %s", (locks) => {
  beforeEach(() => {
    if (!locks) vi.stubGlobal("navigator", { onLine: true });
  });

  test("sends what is added, in order inside a conversation", async () => {
    const outbox = await anOutbox();
    for (const text of ["a", "b", "c"]) await outbox.add({ conversation: "cnv_1", text });
    await eventually(() => expect(outbox.entries).toEqual([]));
    expect(texts()).toEqual(["a", "b", "c"]);
  });

  test("keeps entries through a reload and sends them with the same client_id", async () => {
    answer = noNetwork;
    const before = await anOutbox();
    const { client_id } = await before.add({ conversation: "cnv_1", text: "kept" });
    await eventually(() => expect(before.entries[0]?.state).toBe("queued"));
    before.close();
    answer = accept;
    const after = await anOutbox();
    await eventually(() => expect(sent.map((entry) => entry.client_id)).toEqual([client_id]));
    await eventually(() => expect(after.entries).toEqual([]));
  });

  test("sends every entry though two tabs flush together, and each once under a lock", async () => {
    answer = async (entry) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return accept(entry);
    };
    const [one, two] = [await anOutbox(), await anOutbox()];
    await Promise.all(
      ["a", "b", "c", "d"].map((text, i) =>
        (i % 2 ? one : two).add({ conversation: `cnv_${i}`, text }),
      ),
    );
    one.flush();
    two.flush();
    await eventually(() => expect([...one.entries, ...two.entries]).toEqual([]));
    expect([...new Set(texts())].sort()).toEqual(["a", "b", "c", "d"]);
    expect(new Set(sent.map(({ client_id }) => client_id)).size).toBe(4);
    if (locks) expect(sent.length).toBe(4);
  });
});

describe("an outbox", () => {
  test("marks what the server refuses, with the reason, and sends the rest", async () => {
    answer = async (entry) => (entry.text === "bad" ? refuse() : accept(entry));
    const outbox = await anOutbox();
    await outbox.add({ conversation: "cnv_1", text: "bad" });
    await outbox.add({ conversation: "cnv_1", text: "good" });
    await eventually(() => expect(texts()).toEqual(["good"]));
    expect(outbox.entries).toMatchObject([{ text: "bad", state: "failed", reason: "Too long." }]);
  });

  test("retries a failed entry with its client_id, or discards it", async () => {
    answer = refuse;
    const outbox = await anOutbox();
    const first = await outbox.add({ conversation: "cnv_1", text: "first" });
    const second = await outbox.add({ conversation: "cnv_1", text: "second" });
    await eventually(() =>
      expect(outbox.entries.map((e) => e.state)).toEqual(["failed", "failed"]),
    );
    answer = accept;
    await outbox.discard(second.client_id);
    await outbox.retry(first.client_id);
    await eventually(() => expect(outbox.entries).toEqual([]));
    expect(sent.map(({ client_id }) => client_id)).toEqual([first.client_id]);
  });

  test("holds a conversation back behind an entry that couldn't go, but not the others", async () => {
    answer = async (entry) => (entry.conversation === "cnv_1" ? noNetwork() : accept(entry));
    const outbox = await anOutbox();
    await outbox.add({ conversation: "cnv_1", text: "1a" });
    await outbox.add({ conversation: "cnv_1", text: "1b" });
    await outbox.add({ conversation: "cnv_2", text: "2a" });
    await eventually(() => expect(texts()).toEqual(["2a"]));
    answer = accept;
    outbox.flush();
    await eventually(() => expect(texts()).toEqual(["2a", "1a", "1b"]));
  });

  test("sends messages written behind a new conversation's first one into that conversation", async () => {
    answer = noNetwork;
    const outbox = await anOutbox();
    const first = await outbox.add({ conversation: null, text: "hello" });
    await outbox.add({ conversation: first.conversation, text: "are you there?" });
    answer = accept;
    outbox.flush();
    await eventually(() => expect(outbox.entries).toEqual([]));
    expect(sent.map(({ conversation, text }) => [conversation, text])).toEqual([
      [`new:${first.client_id}`, "hello"],
      ["cnv_made", "are you there?"],
    ]);
  });

  test("lets the next message create the conversation when the first is discarded", async () => {
    answer = refuse;
    const outbox = await anOutbox();
    const first = await outbox.add({ conversation: null, text: "refused" });
    const next = await outbox.add({ conversation: first.conversation, text: "fine" });
    await eventually(() => expect(outbox.entries[0]?.state).toBe("failed"));
    answer = accept;
    await outbox.discard(first.client_id);
    outbox.flush();
    await eventually(() => expect(outbox.entries).toEqual([]));
    expect(sent.map(({ conversation }) => conversation)).toEqual([`new:${next.client_id}`]);
  });

  test("tries again by itself, and waits for a credential after a 401", async () => {
    const problems = [new Problem(0, { code: "network" }), new Problem(503), new Problem(401)];
    answer = async (entry) => {
      const problem = problems.shift();
      if (problem) throw problem;
      return accept(entry);
    };
    const outbox = await anOutbox();
    await outbox.add({ conversation: "cnv_1", text: "patient" });
    await eventually(() => expect(texts()).toEqual(["patient"]));
  });

  test("waits as long as a server in trouble asks, and never calls an entry failed for it", async () => {
    const problems = [
      new Problem(503, { code: "server.unavailable" }, 1),
      new Problem(500, { code: "server.error" }),
      new Problem(502),
      new Problem(504),
      new Problem(429, {}, 0),
    ];
    const times: number[] = [];
    const states = new Set<string | undefined>();
    answer = async (entry) => {
      times.push(Date.now());
      states.add(outbox.entries[0]?.state);
      const problem = problems.shift();
      if (problem) throw problem;
      return accept(entry);
    };
    const outbox = await anOutbox();
    await outbox.add({ conversation: "cnv_1", text: "patient" });
    await eventually(() => expect(texts()).toEqual(["patient"]));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
    expect([...states]).not.toContain("failed");
  });

  test("never shows or sends another owner's entries", async () => {
    answer = noNetwork;
    const ann = await anOutbox("vis_ann");
    await ann.add({ conversation: "cnv_1", text: "private" });
    ann.close();
    answer = accept;
    const bob = await anOutbox("vis_bob");
    await bob.add({ conversation: "cnv_2", text: "mine" });
    await eventually(() => expect(texts()).toEqual(["mine"]));
    expect(bob.entries).toEqual([]);
  });

  test("works in memory where IndexedDB is refused", async () => {
    vi.stubGlobal("indexedDB", {
      open: () => {
        throw new DOMException("denied", "SecurityError");
      },
    });
    const outbox = await anOutbox();
    await outbox.add({ conversation: "cnv_1", text: "a" });
    await eventually(() => expect(texts()).toEqual(["a"]));
  });
});

describe("a disk that is full", () => {
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  let fill: () => void;
  beforeEach(() => {
    fill = () => void vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(full);
  });
  afterEach(() => vi.restoreAllMocks());

  test("takes nothing from what it held, and what it refuses is sent all the same", async () => {
    answer = noNetwork;
    const outbox = await anOutbox();
    await outbox.add({ conversation: "cnv_1", text: "kept" });
    fill();
    await outbox.add({ conversation: "cnv_1", text: "refused by the disk" });
    expect(outbox.entries.map(({ text }) => text)).toEqual(["kept", "refused by the disk"]);
    answer = accept;
    outbox.flush();
    await eventually(() => expect(outbox.entries).toEqual([]));
    expect(texts()).toEqual(["kept", "refused by the disk"]);
  });

  test("shows an entry that it can't change as it is now, once", async () => {
    answer = noNetwork;
    const outbox = await anOutbox();
    const { client_id } = await outbox.add({ conversation: "cnv_1", text: "kept" });
    await eventually(() => expect(outbox.entries[0]?.state).toBe("queued"));
    fill();
    answer = refuse;
    outbox.flush();
    await eventually(() => expect(outbox.entries.map((e) => e.state)).toEqual(["failed"]));
    await outbox.discard(client_id);
    expect(outbox.entries).toEqual([]);
  });
});

test("an entry is slow some seconds after it could have left", () => {
  const entry = { client_id: "1", owner: "o", conversation: "cnv_1", text: "a", state: "queued" };
  const written = { ...entry, created_at: 1_000 } as Entry;
  expect(slowAt(written)).toBe(7_000);
  expect(slowAt({ ...written, extra: { not_before: 5_000 } })).toBe(11_000);
});

test("refused locks don't keep an outbox from sending", async () => {
  vi.spyOn(navigator.locks, "request").mockRejectedValue(new DOMException("", "SecurityError"));
  const outbox = await anOutbox();
  await outbox.add({ conversation: "cnv_1", text: "a" });
  await eventually(() => expect(texts()).toEqual(["a"]));
  vi.restoreAllMocks();
});

test("a database that never answers keeps nothing from being sent", async () => {
  vi.stubGlobal("indexedDB", { open: () => ({}) });
  const outbox = await anOutbox();
  await outbox.add({ conversation: "cnv_1", text: "a" });
  await eventually(() => expect(texts()).toEqual(["a"]));
});

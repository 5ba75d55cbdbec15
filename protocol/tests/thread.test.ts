import { describe, expect, test } from "vitest";
import {
  apply,
  contiguousSeq,
  deliveryOf,
  emptyThread,
  findGap,
  mergeMarks,
  mergePage,
  type Thread,
} from "../src/thread.ts";
import type { Message } from "../src/wire.ts";
import { aMessage, createdFrame, pick, randomFrom, readBy, shuffle } from "./builders.ts";

/** What a server that holds `history` answers to a request for `gap`, `limit` at a time. */
function fetchInto(thread: Thread, history: Message[], limit = 4): Thread {
  let now = thread;
  for (let gap = findGap(now); gap; gap = findGap(now)) {
    const { after_seq, before_seq } = gap;
    const page = history
      .filter(({ seq }) => seq > after_seq && (before_seq === null || seq < before_seq))
      .slice(0, limit);
    now = mergePage(now, page, gap);
  }
  return now;
}

function newestPage(history: Message[], limit: number): Message[] {
  return history.slice(-limit);
}

const start = () => mergeMarks(emptyThread("cnv_1", 1), { last_seq: 0 });

describe("a thread", () => {
  test("is the same for every order and number of the same frames", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed);
      const history = Array.from({ length: 1 + pick(random, 12) }, (_, i) => aMessage(i + 1));
      const frames = [
        ...history.map(createdFrame),
        readBy("team", pick(random, 12)),
        readBy("customer", pick(random, 12)),
        readBy("customer", pick(random, 12), "delivered"),
      ];
      const inOrder = frames.reduce(apply, start());
      const doubled = shuffle(random, [...frames, ...frames.slice(pick(random, frames.length))]);
      expect(doubled.reduce(apply, start())).toEqual(inOrder);
    }
  });

  test("with lost frames becomes a fresh fetch once the gaps it names are fetched", () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomFrom(seed);
      const history = Array.from({ length: 1 + pick(random, 30) }, (_, i) => aMessage(i + 1));
      const before = history.slice(0, pick(random, history.length + 1));
      const old = mergePage(emptyThread("cnv_1"), newestPage(before, 5));
      const arrived = shuffle(random, history).slice(pick(random, history.length));
      const told = arrived.map(createdFrame).reduce(apply, old);
      const caught = fetchInto(mergeMarks(told, { last_seq: history.length }), history);
      const from = caught.from ?? 1;
      const fresh = mergePage(emptyThread("cnv_1"), history.slice(from - 1), {
        after_seq: from - 1,
      });
      expect(findGap(caught)).toBeNull();
      expect(visible(caught)).toEqual(visible(fresh));
    }
  });

  test("asks for what is missing from the first hole on", () => {
    const thread = [1, 2, 5, 9].map((seq) => createdFrame(aMessage(seq))).reduce(apply, start());
    expect(findGap(thread)).toEqual({ after_seq: 2, before_seq: 5 });
    expect(contiguousSeq(thread)).toBe(2);
  });

  test("asks for the end when it only knows that there is more", () => {
    const thread = mergeMarks(mergePage(emptyThread("cnv_1"), [aMessage(1), aMessage(2)]), {
      last_seq: 4,
    });
    expect(findGap(thread)).toEqual({ after_seq: 2, before_seq: null });
  });

  test("asks for nothing before its first page, and nothing when it is whole", () => {
    expect(findGap(mergeMarks(emptyThread("cnv_1"), { last_seq: 9 }))).toBeNull();
    expect(findGap(mergePage(emptyThread("cnv_1"), [aMessage(8), aMessage(9)]))).toBeNull();
    expect(findGap(start())).toBeNull();
  });

  test("grows backwards by pages of history without calling them a gap", () => {
    const recent = mergePage(emptyThread("cnv_1"), [aMessage(5), aMessage(6)]);
    const more = mergePage(recent, [aMessage(3), aMessage(4)], { before_seq: 5 });
    expect(more.messages.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    expect([more.from, findGap(more)]).toEqual([3, null]);
    expect(mergePage(more, [], { before_seq: 3 }).from).toBe(1);
  });

  test("ignores frames of other conversations and frames it doesn't know", () => {
    const thread = start();
    expect(apply(thread, createdFrame({ ...aMessage(1), conversation_id: "cnv_2" }))).toBe(thread);
    expect(apply(thread, { type: "typing", data: { conversation_id: "cnv_1" } })).toBe(thread);
    expect(apply(thread, { type: "pong" })).toBe(thread);
  });

  test("learns from its conversation's frames that there is more to fetch", () => {
    const frame = {
      type: "conversation.closed",
      data: { conversation: { id: "cnv_1", last_seq: 3 } },
    };
    expect(findGap(apply(start(), frame))).toEqual({ after_seq: 0, before_seq: null });
  });

  test("never lets a mark go back", () => {
    const thread = [readBy("team", 5), readBy("team", 3)].reduce(apply, start());
    expect(thread.team_read_seq).toBe(5);
  });
});

test("a message shows the furthest mark: its own, or its thread's", () => {
  const thread = [
    readBy("team", 2),
    readBy("customer", 1),
    readBy("customer", 3, "delivered"),
  ].reduce(apply, start());
  const byCustomer = [1, 2, 3].map((seq) => deliveryOf(thread, aMessage(seq)));
  const byTeam = [1, 2, 3, 4].map((seq) =>
    deliveryOf(thread, {
      ...aMessage(seq),
      author: { type: "operator", id: "usr_1", name: "Ana" },
    }),
  );
  expect(byCustomer).toEqual(["read", "read", "sent"]);
  expect(byTeam).toEqual(["read", "delivered", "delivered", "sent"]);
  expect(deliveryOf(thread, { ...aMessage(1), delivery: "failed" })).toBe("failed");
});

function visible({ messages, from, last_seq }: Thread) {
  return { messages, from, last_seq };
}

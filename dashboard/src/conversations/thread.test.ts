import type { Entry, OperatorEvent } from "@foyer/protocol";
import { describe, expect, test } from "vitest";
import {
  aConversation,
  aMessage,
  anEvent,
  at,
  by,
  changeFrame,
  messageFrame,
} from "../testing/builders";
import { addPage, applyFrame, type Block, blocksOf, emptyTimeline, type Timeline } from "./thread";

const options = { dayOf: (iso: string) => iso.slice(0, 10), readSeq: null, entries: [] };
const message = (seq: number, overrides = {}) => ({
  kind: "message" as const,
  ...aMessage(seq, overrides),
});
const shapes = (blocks: readonly Block[]) =>
  blocks.map((block) => (block.kind === "message" ? `m${block.message.seq}` : block.kind));

function page(...data: Parameters<typeof addPage>[1]["data"]): Timeline {
  return addPage(emptyTimeline("cnv_1"), { data, next_cursor: null }, true);
}

describe("a timeline", () => {
  test("is the same for the same frames, repeated and in any order", () => {
    const frames: OperatorEvent[] = [
      messageFrame(aMessage(1)),
      messageFrame(aMessage(2, { author: by.colleague })),
      changeFrame("conversation.closed", aConversation({ status: "closed" })),
    ];
    const fold = (list: OperatorEvent[]) => list.reduce(applyFrame, page());
    const straight = fold(frames);
    expect(fold([...frames].reverse())).toEqual(straight);
    expect(fold([...frames, ...frames])).toEqual(straight);
  });

  test("ignores other conversations", () => {
    const before = page(message(1));
    expect(applyFrame(before, messageFrame(aMessage(2, { conversation_id: "cnv_2" })))).toBe(
      before,
    );
  });

  test("keeps its place in the past when the newest page is fetched again", () => {
    const first = addPage(
      emptyTimeline("cnv_1"),
      { data: [message(3)], next_cursor: "older" },
      true,
    );
    const whole = addPage(first, { data: [message(1), message(2)], next_cursor: null }, false);
    const again = addPage(whole, { data: [message(3), message(4)], next_cursor: "older" }, true);
    expect(again.olderCursor).toBeNull();
    expect(again.thread.messages.map((one) => one.seq)).toEqual([1, 2, 3, 4]);
  });

  test("an event that comes by page and by frame is one event", () => {
    const frame = changeFrame("conversation.closed", aConversation({ status: "closed" }));
    const event = {
      kind: "event" as const,
      ...anEvent("conversation.closed", 9, { id: frame.id }),
    };
    expect(applyFrame(page(event), frame).events).toHaveLength(1);
  });
});

describe("what is drawn", () => {
  test("groups what one author wrote within five minutes", () => {
    const blocks = blocksOf(
      page(message(1), message(2), message(3, { author: by.colleague }), message(9)),
      options,
    );
    const edges = blocks.flatMap((b) => (b.kind === "message" ? [[b.isStart, b.isEnd]] : []));
    expect(edges).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  test("parts days, and collects changes in runs", () => {
    const blocks = blocksOf(
      page(
        message(1),
        { kind: "event", ...anEvent("conversation.closed", 2) },
        { kind: "event", ...anEvent("conversation.opened", 3) },
        message(2, { created_at: at(24 * 60) }),
      ),
      options,
    );
    expect(shapes(blocks)).toEqual(["day", "m1", "events", "day", "m2"]);
  });

  test("marks where the unread ones begin, before a customer's message only", () => {
    const blocks = blocksOf(page(message(1), message(2, { author: by.me }), message(3)), {
      ...options,
      readSeq: 1,
    });
    expect(shapes(blocks)).toEqual(["day", "m1", "m2", "new", "m3"]);
  });

  test("shows a reply on its way until its message is there", () => {
    const entry: Entry = {
      client_id: "client-2",
      owner: "me",
      conversation: "cnv_1",
      text: "On it",
      created_at: 0,
      state: "queued",
    };
    const waiting = blocksOf(page(message(1)), { ...options, entries: [entry] });
    expect(shapes(waiting)).toEqual(["day", "m1", "entry"]);
    const arrived = blocksOf(page(message(1), message(2)), { ...options, entries: [entry] });
    expect(shapes(arrived)).toEqual(["day", "m1", "m2"]);
  });
});

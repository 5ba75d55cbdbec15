/**
 * A conversation's messages as a pure fold over frames and fetched pages.
 *
 * Frames may repeat, be lost and come in any order: the same set of frames gives the same
 * thread, and old thread + frames + the fetches it asks for = a fresh fetch.
 */

import type { Delivery, Message, ReadMark } from "./wire.ts";

/** How far a conversation and its readers got, as on the wire; these numbers only ever grow. */
interface Marks {
  /** The greatest `seq` known to exist; 0 when there is no message. */
  last_seq: number;
  customer_delivered_seq: number;
  customer_read_seq: number;
  team_read_seq: number;
}

export interface Thread extends Readonly<Marks> {
  readonly id: string;
  /** Ascending by `seq`, each `seq` once; may have gaps until they are fetched. */
  readonly messages: readonly Message[];
  /**
   * Everything from this `seq` on should be here; older history is fetched on demand. Null until
   * a first page was merged: the newest page is what to fetch then.
   */
  readonly from: number | null;
}

/** What frames tell about a thread; unknown parts are ignored. */
interface FrameData {
  message?: Message;
  conversation?: Partial<Marks> & { id?: string };
  conversation_id?: string;
  by?: ReadMark["by"];
  state?: ReadMark["state"];
  seq?: number;
}

/** A range of messages to fetch: `after_seq` < seq, and `seq` < `before_seq` where given. */
export interface Gap {
  after_seq: number;
  before_seq: number | null;
}

const NO_MARKS: Marks = {
  last_seq: 0,
  customer_delivered_seq: 0,
  customer_read_seq: 0,
  team_read_seq: 0,
};

/** A thread without messages yet; `from` 1 for a conversation that has just been created. */
export function emptyThread(id: string, from: number | null = null): Thread {
  return { ...NO_MARKS, id, messages: [], from };
}

/** The thread after a frame of the socket; frames of other conversations change nothing. */
export function apply(thread: Thread, frame: { type: string; data?: unknown }): Thread {
  const { message, conversation, conversation_id, by, state, seq }: FrameData = Object(frame.data);
  if (frame.type === "message.read") {
    if (conversation_id !== thread.id) return thread;
    return mergeMarks(thread, { [by === "team" ? "team_read_seq" : `customer_${state}_seq`]: seq });
  }
  if (!message) return conversation?.id === thread.id ? mergeMarks(thread, conversation) : thread;
  if (message.conversation_id !== thread.id || message.seq < (thread.from ?? 0)) return thread;
  const known = mergeMarks(mergeMarks(thread, conversation), { last_seq: message.seq });
  return { ...known, messages: mergeMessages([message], known.messages) };
}

/** The thread after learning numbers of its conversation. */
export function mergeMarks(thread: Thread, update: Partial<Marks> | null | undefined): Thread {
  const marks = { ...NO_MARKS };
  for (const mark of Object.keys(marks) as (keyof Marks)[]) {
    marks[mark] = Math.max(thread[mark], update?.[mark] ?? 0);
  }
  return { ...thread, ...marks };
}

/**
 * The thread after a page fetched over REST (messages ascending), which is the truth.
 *
 * @param range The range that was asked for. `before_seq` without `after_seq` is a page of
 *   history: the thread then reaches back to its oldest message (to 1 when it is empty).
 */
export function mergePage(
  thread: Thread,
  page: readonly Message[],
  range: { after_seq?: number | null; before_seq?: number | null } = {},
): Thread {
  const last = page.at(-1)?.seq ?? 0;
  const after = range.after_seq ?? null;
  const firstSeq = after === null ? (page[0]?.seq ?? 1) : after + 1;
  const from = Math.max(1, Math.min(thread.from ?? firstSeq, firstSeq));
  return {
    ...thread,
    messages: mergeMessages(thread.messages, page).filter(({ seq }) => seq >= from),
    from,
    last_seq: Math.max(thread.last_seq, last),
  };
}

/** The first range that is missing from the thread, or null when it is whole (or not loaded). */
export function findGap(thread: Thread): Gap | null {
  if (thread.from === null) return null;
  let expected = thread.from;
  for (const { seq } of thread.messages) {
    if (seq < expected) continue;
    if (seq > expected) return { after_seq: expected - 1, before_seq: seq };
    expected += 1;
  }
  return expected <= thread.last_seq ? { after_seq: expected - 1, before_seq: null } : null;
}

/** The greatest `seq` up to which nothing is missing: what to fetch after when reconnected. */
export function contiguousSeq(thread: Thread): number {
  return findGap(thread)?.after_seq ?? thread.last_seq;
}

/** How far a message got, from its own mark and the marks of the thread. */
export function deliveryOf(thread: Thread, message: Message): Delivery {
  if (message.delivery === "failed" || message.delivery === "read") return message.delivery;
  const isCustomers = message.author.type === "contact";
  const [read, delivered] = isCustomers
    ? [thread.team_read_seq, 0]
    : [thread.customer_read_seq, thread.customer_delivered_seq];
  if (message.seq <= read) return "read";
  return message.seq <= delivered ? "delivered" : message.delivery;
}

/** Both lists as one, ascending; where both have a `seq` the second list's message wins. */
function mergeMessages(first: readonly Message[], second: readonly Message[]): readonly Message[] {
  const bySeq = new Map([...first, ...second].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

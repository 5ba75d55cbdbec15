/**
 * A conversation's messages as a pure fold over frames and fetched pages.
 *
 * Frames may repeat, be lost and come in any order: the same set of frames gives the same
 * thread, and old thread + frames + the fetches it asks for = a fresh fetch.
 */

import type { Delivery, Message } from "./wire.ts";

export interface Thread {
  readonly id: string;
  /** Ascending by `seq`, each `seq` once; may have gaps until they are fetched. */
  readonly messages: readonly Message[];
  /**
   * Everything from this `seq` on should be here; older history is fetched on demand. Null until
   * a first page was merged: the newest page is what to fetch then.
   */
  readonly from: number | null;
  /** The greatest `seq` known to exist; 0 when there is no message. */
  readonly lastSeq: number;
  readonly customerDelivered: number;
  readonly customerRead: number;
  readonly teamRead: number;
}

/** What a frame, or an entity, tells about a thread; unknown parts are ignored. */
interface Known {
  last_seq?: number;
  customer_delivered_seq?: number;
  customer_read_seq?: number;
  team_read_seq?: number;
}

/** A range of messages to fetch: `after_seq` < seq, and `seq` < `before_seq` where given. */
export interface Gap {
  after_seq: number;
  before_seq: number | null;
}

/** A thread without messages yet; `from` 1 for a conversation that has just been created. */
export function emptyThread(id: string, from: number | null = null): Thread {
  return {
    id,
    messages: [],
    from,
    lastSeq: 0,
    customerDelivered: 0,
    customerRead: 0,
    teamRead: 0,
  };
}

/** The thread after a frame of the socket; frames of other conversations change nothing. */
export function apply(thread: Thread, frame: { type: string; data?: unknown }): Thread {
  const data = (frame.data ?? {}) as Record<string, unknown>;
  switch (frame.type) {
    case "message.created": {
      const message = data.message as Message;
      if (message.conversation_id !== thread.id) return thread;
      if (message.seq < (thread.from ?? 0)) return thread;
      const told = know(thread, data.conversation as Known | undefined);
      const known = know(told, { last_seq: message.seq });
      return { ...known, messages: put([message], known.messages) };
    }
    case "message.read": {
      if (data.conversation_id !== thread.id) return thread;
      const seq = data.seq as number;
      if (data.by === "team") return know(thread, { team_read_seq: seq });
      return know(
        thread,
        data.state === "read" ? { customer_read_seq: seq } : { customer_delivered_seq: seq },
      );
    }
    default: {
      const conversation = data.conversation as (Known & { id?: string }) | undefined;
      return conversation?.id === thread.id ? know(thread, conversation) : thread;
    }
  }
}

/** The thread after learning numbers of its conversation; they only ever grow. */
export function know(thread: Thread, told: Known | null | undefined): Thread {
  if (!told) return thread;
  const customerRead = Math.max(thread.customerRead, told.customer_read_seq ?? 0);
  return {
    ...thread,
    lastSeq: Math.max(thread.lastSeq, told.last_seq ?? 0),
    customerRead,
    customerDelivered: Math.max(
      thread.customerDelivered,
      told.customer_delivered_seq ?? 0,
      customerRead,
    ),
    teamRead: Math.max(thread.teamRead, told.team_read_seq ?? 0),
  };
}

/**
 * The thread after a page fetched over REST (messages ascending), which is the truth.
 *
 * @param asked The range that was asked for. `before_seq` without `after_seq` is a page of
 *   history: the thread then reaches back to its oldest message (to 1 when it is empty).
 */
export function merge(
  thread: Thread,
  page: readonly Message[],
  asked: { after_seq?: number | null; before_seq?: number | null } = {},
): Thread {
  const last = page.at(-1)?.seq ?? 0;
  const after = asked.after_seq ?? null;
  const reaches = after === null ? (page[0]?.seq ?? 1) : after + 1;
  const from = Math.max(1, Math.min(thread.from ?? reaches, reaches));
  return {
    ...thread,
    messages: put(thread.messages, page).filter(({ seq }) => seq >= from),
    from,
    lastSeq: Math.max(thread.lastSeq, last),
  };
}

/** The first range that is missing from the thread, or null when it is whole (or not loaded). */
export function gapOf(thread: Thread): Gap | null {
  if (thread.from === null) return null;
  let expected = thread.from;
  for (const { seq } of thread.messages) {
    if (seq < expected) continue;
    if (seq > expected) return { after_seq: expected - 1, before_seq: seq };
    expected += 1;
  }
  return expected <= thread.lastSeq ? { after_seq: expected - 1, before_seq: null } : null;
}

/** The greatest `seq` up to which nothing is missing: what to fetch after when reconnected. */
export function contiguousSeq(thread: Thread): number {
  return gapOf(thread)?.after_seq ?? thread.lastSeq;
}

/** How far a message got, from its own mark and the marks of the thread. */
export function deliveryOf(thread: Thread, message: Message): Delivery {
  if (message.delivery === "failed" || message.delivery === "read") return message.delivery;
  const ours = message.author.type === "contact";
  const [read, delivered] = ours
    ? [thread.teamRead, 0]
    : [thread.customerRead, thread.customerDelivered];
  if (message.seq <= read) return "read";
  return message.seq <= delivered ? "delivered" : message.delivery;
}

/** Both lists as one, ascending; where both have a `seq` the second list's message wins. */
function put(first: readonly Message[], second: readonly Message[]): readonly Message[] {
  const bySeq = new Map([...first, ...second].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** One conversation's timeline: protocol's thread of messages, with the events between them. */

import {
  apply as applyToThread,
  type Conversation,
  type ConversationEvent,
  type Entry,
  emptyThread,
  type Message,
  mergeMarks,
  mergePage,
  type OperatorEvent,
  type Thread,
  type TimelineItem,
} from "@foyer/protocol";

export interface Timeline {
  readonly thread: Thread;
  readonly events: readonly ConversationEvent[];
  /** For the next older page; null when the beginning is here, undefined before the first page. */
  readonly olderCursor: string | null | undefined;
}

export function emptyTimeline(id: string): Timeline {
  return { thread: emptyThread(id), events: [], olderCursor: undefined };
}

/** The timeline after a page of it; `isFirst` is the newest page, fetched anew. */
export function addPage(
  timeline: Timeline,
  page: { data: readonly TimelineItem[]; next_cursor: string | null },
  first: boolean,
): Timeline {
  const messages = page.data.filter((item) => item.kind === "message");
  const events = page.data.filter((item) => item.kind === "event");
  const isLoaded = timeline.olderCursor !== undefined;
  return {
    thread: mergePage(timeline.thread, messages),
    events: mergeEvents(timeline.events, events),
    // A newest page fetched anew after a gap doesn't forget how far back we already were.
    olderCursor: first && isLoaded ? timeline.olderCursor : page.next_cursor,
  };
}

export function mergeConversation(timeline: Timeline, conversation: Conversation): Timeline {
  return { ...timeline, thread: mergeMarks(timeline.thread, conversation) };
}

/** The timeline after a frame; those of other conversations change nothing. */
export function applyFrame(timeline: Timeline, frame: OperatorEvent): Timeline {
  const thread = applyToThread(timeline.thread, frame);
  const event = eventOf(frame, timeline.thread.id);
  if (!event) return thread === timeline.thread ? timeline : { ...timeline, thread };
  return { ...timeline, thread, events: mergeEvents(timeline.events, [event]) };
}

/** Changes that have no line of their own in a timeline. */
const SILENT = new Set(["conversation.created", "conversation.updated"]);

function eventOf(frame: OperatorEvent, id: string): ConversationEvent | null {
  if (!frame.type.startsWith("conversation.") || SILENT.has(frame.type)) return null;
  if (!("conversation" in frame.data) || !("actor" in frame.data)) return null;
  const { conversation, actor } = frame.data;
  if (conversation.id !== id) return null;
  const { snoozed_until, assignee } = conversation;
  return {
    id: frame.id,
    name: frame.type,
    actor,
    at: frame.at,
    data: { until: snoozed_until, assignee_id: assignee?.id, assignee_name: assignee?.name },
  };
}

function mergeEvents(
  first: readonly ConversationEvent[],
  second: readonly ConversationEvent[],
): readonly ConversationEvent[] {
  if (second.length === 0) return first;
  const byId = new Map([...first, ...second].map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => compare(a.at, b.at) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export type Block =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: string }
  | { kind: "events"; key: string; events: ConversationEvent[] }
  | { kind: "message"; key: string; message: Message; isStart: boolean; isEnd: boolean }
  | { kind: "entry"; key: string; entry: Entry };

/** Messages of one author closer together than this are one group; milliseconds. */
const GROUP_MS = 5 * 60_000;

interface BlockOptions {
  /** The calendar day of an instant, in the operator's zone. */
  dayOf: (iso: string) => string;
  /** Up to which `seq` the reader had read when they opened it; null draws no divider. */
  readSeq: number | null;
  entries: readonly Entry[];
}

/** What is drawn, in order: day separators, the "new" divider, runs of events, grouped bubbles. */
export function blocksOf(timeline: Timeline, { dayOf, readSeq, entries }: BlockOptions): Block[] {
  const items = [
    ...timeline.thread.messages.map((message) => ({
      at: message.created_at,
      message,
      event: null,
    })),
    ...timeline.events.map((event) => ({ at: event.at, message: null, event })),
  ].sort((a, b) => compare(a.at, b.at) || (a.message?.seq ?? 0) - (b.message?.seq ?? 0));
  const blocks: Block[] = [];
  let day = "";
  let hasDivider = readSeq === null;
  for (const { at, message, event } of items) {
    if (dayOf(at) !== day) {
      day = dayOf(at);
      blocks.push({ kind: "day", key: `day ${day}`, at });
    }
    if (event) addEvent(blocks, event);
    if (!message) continue;
    if (!hasDivider && message.author.type === "contact" && message.seq > (readSeq ?? 0)) {
      hasDivider = true;
      blocks.push({ kind: "new", key: "new" });
    }
    addMessage(blocks, message);
  }
  const sentIds = new Set(timeline.thread.messages.map((message) => message.client_id));
  for (const entry of entries) {
    if (!sentIds.has(entry.client_id)) blocks.push({ kind: "entry", key: entry.client_id, entry });
  }
  return blocks;
}

function addEvent(blocks: Block[], event: ConversationEvent): void {
  const last = blocks[blocks.length - 1];
  if (last?.kind === "events") last.events.push(event);
  else blocks.push({ kind: "events", key: event.id, events: [event] });
}

function addMessage(blocks: Block[], message: Message): void {
  const last = blocks[blocks.length - 1];
  const isSameGroup =
    last?.kind === "message" &&
    last.message.author.id === message.author.id &&
    Date.parse(message.created_at) - Date.parse(last.message.created_at) < GROUP_MS;
  if (isSameGroup) last.isEnd = false;
  const key = message.client_id ?? message.id;
  blocks.push({ kind: "message", key, message, isStart: !isSameGroup, isEnd: true });
}

/** The timelines that were opened in this tab, each fetched once and then kept true by frames. */

import {
  type Author,
  findGap,
  type Message,
  mergePage,
  type OperatorEvent,
  type Page,
  Problem,
  type TimelineItem,
} from "@foyer/protocol";
import { type Signal, signal } from "@preact/signals";
import { onFrame, onGap } from "../core/live";
import { match } from "../core/paths";
import { explain } from "../core/problems";
import { place } from "../core/router";
import { http, me } from "../core/session";
import { amend, conversationOf, fetchConversation } from "./store";
import { addPage, applyFrame, emptyTimeline, mergeConversation, type Timeline } from "./thread";

const PAGE = 50;
/** A typing note is believed for this long, milliseconds. */
const TYPING_MS = 6000;
/** A viewer is believed for this long without being named again, milliseconds. */
const VIEWING_MS = 65_000;

export interface OpenThread {
  id: string;
  timeline: Signal<Timeline>;
  state: Signal<"loading" | "ready" | "missing" | "failed">;
  reason: Signal<string>;
  loadingOlder: Signal<boolean>;
  typing: Signal<readonly Author[]>;
  viewing: Signal<readonly { id: string; name: string }[]>;
}

const openThreads = new Map<string, OpenThread>();
const timers = new Map<string, number>();

/** The timeline of a conversation; the first call fetches it. */
export function openThread(id: string): OpenThread {
  const known = openThreads.get(id);
  if (known) return known;
  const thread: OpenThread = {
    id,
    timeline: signal(emptyTimeline(id)),
    state: signal("loading"),
    reason: signal(""),
    loadingOlder: signal(false),
    typing: signal([]),
    viewing: signal([]),
  };
  openThreads.set(id, thread);
  void loadThread(thread);
  return thread;
}

/** Fetch the newest page, for the first time or after frames may have been missed. */
export async function loadThread(thread: OpenThread, isQuiet = false): Promise<void> {
  const isFirst = thread.timeline.value.olderCursor === undefined;
  if (isFirst && !isQuiet) thread.state.value = "loading";
  try {
    const [page, conversation] = await Promise.all([
      fetchPage(thread.id, null),
      fetchConversation(thread.id),
    ]);
    thread.timeline.value = mergeConversation(
      addPage(thread.timeline.value, page, true),
      conversation,
    );
    thread.state.value = "ready";
    await fillGaps(thread);
  } catch (error) {
    if (!isFirst) return;
    const isMissing = error instanceof Problem && error.status === 404;
    thread.state.value = isMissing ? "missing" : "failed";
    thread.reason.value = explain(error);
  }
}

export async function loadOlder(thread: OpenThread): Promise<void> {
  const cursor = thread.timeline.value.olderCursor;
  if (!cursor || thread.loadingOlder.value) return;
  thread.loadingOlder.value = true;
  try {
    const page = await fetchPage(thread.id, cursor);
    thread.timeline.value = addPage(thread.timeline.value, page, false);
  } catch (error) {
    thread.reason.value = explain(error);
  } finally {
    thread.loadingOlder.value = false;
  }
}

/** Put a message that the server has just confirmed where it belongs. */
export function addSentMessage(message: Message): void {
  const thread = openThreads.get(message.conversation_id);
  if (!thread) return;
  const { timeline } = thread;
  const after = { after_seq: message.seq - 1 };
  timeline.value = {
    ...timeline.value,
    thread: mergePage(timeline.value.thread, [message], after),
  };
  void fillGaps(thread);
}

/** Tell the server, and ourselves, that everything up to `seq` was seen. */
export async function markRead(id: string, seq: number): Promise<void> {
  const known = conversationOf(id);
  if (!known || (known.unread === 0 && known.team_read_seq >= seq)) return;
  amend(id, { unread: 0, team_read_seq: Math.max(known.team_read_seq, seq) });
  await http
    .post(`/v1/conversations/${id}/read`, { seq }, { idempotent: true })
    .catch(() => undefined); // the next look at the conversation says it again
}

export function startThreads(): () => void {
  const stops = [onFrame(receiveFrame), onGap(refresh)];
  return () => {
    for (const stop of stops) stop();
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    openThreads.clear();
  };
}

/** Fetch the shown timeline anew; the others are fetched when they are next opened. */
function refresh(): void {
  const openId = match("/conversations/:id", place.value.path)?.id;
  for (const [id, thread] of openThreads) {
    // What is shown instead of it stays until there is something else to show.
    if (id === openId) void loadThread(thread, true);
    else openThreads.delete(id);
  }
}

function receiveFrame(frame: OperatorEvent): void {
  if (frame.type === "typing") onTyping(frame.data.conversation_id, frame.data.author);
  if (frame.type === "viewing") onViewing(frame.data.entity, frame.data.operators);
  for (const thread of openThreads.values()) {
    thread.timeline.value = applyFrame(thread.timeline.value, frame);
  }
  if (frame.type !== "message.created") return;
  const { message } = frame.data;
  const thread = openThreads.get(message.conversation_id);
  if (!thread) return;
  thread.typing.value = thread.typing.value.filter((one) => one.id !== message.author.id);
  void fillGaps(thread);
}

function onTyping(id: string, author: Author): void {
  const thread = openThreads.get(id);
  if (!thread || author.id === me.value?.id) return;
  const others = thread.typing.value.filter((one) => one.id !== author.id);
  thread.typing.value = [...others, author];
  expireAfter(`typing ${id} ${author.id}`, TYPING_MS, () => {
    thread.typing.value = thread.typing.value.filter((one) => one.id !== author.id);
  });
}

function onViewing(entity: string, operators: readonly { id: string; name: string }[]): void {
  const thread = openThreads.get(entity);
  if (!thread) return;
  thread.viewing.value = operators.filter((one) => one.id !== me.value?.id);
  expireAfter(`viewing ${entity}`, VIEWING_MS, () => {
    thread.viewing.value = [];
  });
}

function expireAfter(key: string, ms: number, run: () => void): void {
  clearTimeout(timers.get(key));
  timers.set(key, window.setTimeout(run, ms));
}

/** Fetch what is missing between messages, until nothing is. */
async function fillGaps(thread: OpenThread): Promise<void> {
  for (let gap = findGap(thread.timeline.value.thread); gap; ) {
    const range = { after_seq: gap.after_seq };
    const page = await http
      .get<Page<Message>>(`/v1/conversations/${thread.id}/messages`, { ...range, limit: 100 })
      .catch(() => null);
    if (!page || page.data.length === 0) return;
    const { timeline } = thread;
    timeline.value = {
      ...timeline.value,
      thread: mergePage(timeline.value.thread, page.data, range),
    };
    const next = findGap(timeline.value.thread);
    gap = next && next.after_seq > gap.after_seq ? next : null;
  }
}

function fetchPage(id: string, cursor: string | null): Promise<Page<TimelineItem>> {
  return http.get(`/v1/conversations/${encodeURIComponent(id)}/timeline`, { limit: PAGE, cursor });
}

/** The timelines that were opened in this tab, each fetched once and then kept true by frames. */

import {
  type Author,
  gapOf,
  type Message,
  merge,
  type OperatorEvent,
  type Page,
  Problem,
  type TimelineItem,
} from "@foyer/protocol";
import { type Signal, signal } from "@preact/signals";
import { onFrame, onGap } from "../core/live";
import { explain } from "../core/problems";
import { match, place } from "../core/router";
import { http, me } from "../core/session";
import { amend, conversationOf, fetchConversation } from "./store";
import { addPage, applyFrame, emptyTimeline, learn, type Timeline } from "./thread";

const PAGE = 50;
/** A typing note is believed for this long, milliseconds. */
const TYPING_MS = 6000;
/** A viewer is believed for this long without being named again, milliseconds. */
const VIEWING_MS = 65_000;

export interface Opened {
  id: string;
  timeline: Signal<Timeline>;
  state: Signal<"loading" | "ready" | "missing" | "failed">;
  reason: Signal<string>;
  loadingOlder: Signal<boolean>;
  typing: Signal<readonly Author[]>;
  viewing: Signal<readonly { id: string; name: string }[]>;
}

const opened = new Map<string, Opened>();
const timers = new Map<string, number>();

/** The timeline of a conversation; the first call fetches it. */
export function openThread(id: string): Opened {
  const known = opened.get(id);
  if (known) return known;
  const thread: Opened = {
    id,
    timeline: signal(emptyTimeline(id)),
    state: signal("loading"),
    reason: signal(""),
    loadingOlder: signal(false),
    typing: signal([]),
    viewing: signal([]),
  };
  opened.set(id, thread);
  void load(thread);
  return thread;
}

/** Fetch the newest page, for the first time or after frames may have been missed. */
export async function load(thread: Opened, quietly = false): Promise<void> {
  const first = thread.timeline.value.older === undefined;
  if (first && !quietly) thread.state.value = "loading";
  try {
    const [page, conversation] = await Promise.all([
      fetchPage(thread.id, null),
      fetchConversation(thread.id),
    ]);
    thread.timeline.value = learn(addPage(thread.timeline.value, page, true), conversation);
    thread.state.value = "ready";
    await mend(thread);
  } catch (error) {
    if (!first) return;
    const missing = error instanceof Problem && error.status === 404;
    thread.state.value = missing ? "missing" : "failed";
    thread.reason.value = explain(error);
  }
}

export async function loadOlder(thread: Opened): Promise<void> {
  const cursor = thread.timeline.value.older;
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
export function confirmed(message: Message): void {
  const thread = opened.get(message.conversation_id);
  if (!thread) return;
  const { timeline } = thread;
  const after = { after_seq: message.seq - 1 };
  timeline.value = {
    ...timeline.value,
    thread: merge(timeline.value.thread, [message], after),
  };
  void mend(thread);
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
  const stops = [onFrame(hear), onGap(refresh)];
  return () => {
    for (const stop of stops) stop();
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    opened.clear();
  };
}

/** Fetch the shown timeline anew; the others are fetched when they are next opened. */
function refresh(): void {
  const shown = match("/conversations/:id", place.value.path)?.id;
  for (const [id, thread] of opened) {
    // What is shown instead of it stays until there is something else to show.
    if (id === shown) void load(thread, true);
    else opened.delete(id);
  }
}

function hear(frame: OperatorEvent): void {
  if (frame.type === "typing") hearTyping(frame.data.conversation_id, frame.data.author);
  if (frame.type === "viewing") hearViewing(frame.data.entity, frame.data.operators);
  for (const thread of opened.values()) {
    thread.timeline.value = applyFrame(thread.timeline.value, frame);
  }
  if (frame.type !== "message.created") return;
  const { message } = frame.data;
  const thread = opened.get(message.conversation_id);
  if (!thread) return;
  thread.typing.value = thread.typing.value.filter((one) => one.id !== message.author.id);
  void mend(thread);
}

function hearTyping(id: string, author: Author): void {
  const thread = opened.get(id);
  if (!thread || author.id === me.value?.id) return;
  const others = thread.typing.value.filter((one) => one.id !== author.id);
  thread.typing.value = [...others, author];
  expire(`typing ${id} ${author.id}`, TYPING_MS, () => {
    thread.typing.value = thread.typing.value.filter((one) => one.id !== author.id);
  });
}

function hearViewing(entity: string, operators: readonly { id: string; name: string }[]): void {
  const thread = opened.get(entity);
  if (!thread) return;
  thread.viewing.value = operators.filter((one) => one.id !== me.value?.id);
  expire(`viewing ${entity}`, VIEWING_MS, () => {
    thread.viewing.value = [];
  });
}

function expire(key: string, ms: number, run: () => void): void {
  clearTimeout(timers.get(key));
  timers.set(key, window.setTimeout(run, ms));
}

/** Fetch what is missing between messages, until nothing is. */
async function mend(thread: Opened): Promise<void> {
  for (let gap = gapOf(thread.timeline.value.thread); gap; ) {
    const asked = { after_seq: gap.after_seq };
    const page = await http
      .get<Page<Message>>(`/v1/conversations/${thread.id}/messages`, { ...asked, limit: 100 })
      .catch(() => null);
    if (!page || page.data.length === 0) return;
    const { timeline } = thread;
    timeline.value = { ...timeline.value, thread: merge(timeline.value.thread, page.data, asked) };
    const next = gapOf(timeline.value.thread);
    gap = next && next.after_seq > gap.after_seq ? next : null;
  }
}

function fetchPage(id: string, cursor: string | null): Promise<Page<TimelineItem>> {
  return http.get(`/v1/conversations/${encodeURIComponent(id)}/timeline`, { limit: PAGE, cursor });
}

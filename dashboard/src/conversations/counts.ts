/**
 * How many conversations are open and how many unread, as the server keeps count. What happens to
 * rows that are known here, or begin, counts at once; the server is asked again after what happened to
 * others, and in passing as long as anything happens: each time costs a request.
 */

import type {
  Conversation,
  ConversationCounts,
  OperatorEvent,
  SharedConversationOut,
} from "@foyer/protocol";
import { effect, signal } from "@preact/signals";
import { onFrame, onGap } from "../core/live";
import { http, me } from "../core/session";
import { byId } from "./store";

type Known = Readonly<Record<string, Conversation>>;

/** Null until they are known. */
export const counts = signal<ConversationCounts | null>(null);

/** An event is heard of before it is counted, ms. */
const SETTLE_MS = 600;
/** However much happens, asked at most this often, ms. */
const REST_MS = 5_000;
/** Asked anew while somebody looks, if anything happened, ms. */
const CHECK_MS = 60_000;

const QUEUES = ["all", "mine", "unassigned"] as const;

/** Follow the numbers until the answer is called. */
export function startCounts(): () => void {
  let timer = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let sinceAsked = NO_CHANGE;
  let known = byId.peek();
  let isStale = false;
  let isOver = false;

  const ask = async () => {
    timer = 0;
    askedAt = performance.now();
    sinceAsked = NO_CHANGE;
    isStale = false;
    const answer = await http.get<ConversationCounts>("/v1/conversations/counts").catch(() => null);
    if (answer && !isOver) counts.value = add(answer, sinceAsked);
  };
  const askSoon = (wait = SETTLE_MS) => {
    if (timer) return;
    const rested = askedAt + REST_MS - performance.now();
    timer = window.setTimeout(ask, Math.max(wait, Math.min(rested, REST_MS)));
  };
  const check = () => {
    if (isStale && document.visibilityState === "visible") askSoon(0);
  };
  const move = (change: ConversationCounts) => {
    isStale = true;
    sinceAsked = add(sinceAsked, change);
    const before = counts.peek();
    if (before) counts.value = add(before, change);
  };
  const receiveFrame = (frame: OperatorEvent) => {
    const id = conversationIdOf(frame);
    if (!id) return;
    isStale = true;
    if (id in byId.peek()) return;
    if (frame.type === "conversation.created") move(countsOfNew(frame.data.conversation, myId()));
    else askSoon();
  };
  const stops = [
    onFrame(receiveFrame),
    onGap(() => askSoon(0)),
    effect(() => {
      const change = differenceOf(known, byId.value, myId());
      known = byId.value;
      if (change !== NO_CHANGE) move(change);
    }),
  ];
  const checks = window.setInterval(check, CHECK_MS);
  document.addEventListener("visibilitychange", check);
  void ask();
  return () => {
    isOver = true;
    clearTimeout(timer);
    clearInterval(checks);
    document.removeEventListener("visibilitychange", check);
    for (const stop of stops) stop();
    counts.value = null;
  };
}

const NOTHING = { all: 0, mine: 0, unassigned: 0 };
const NO_CHANGE: ConversationCounts = { open: NOTHING, unread: NOTHING };

/** What has become of rows that were known before and are now; others may always have been there. */
export function differenceOf(before: Known, after: Known, myId: string): ConversationCounts {
  let sum = NO_CHANGE;
  for (const [id, now] of Object.entries(after)) {
    const then = before[id];
    if (!then || then === now) continue;
    const change = add(countsOf(now, myId), countsOf(then, myId), -1);
    if (QUEUES.some((queue) => change.open[queue] !== 0 || change.unread[queue] !== 0))
      sum = add(sum, change);
  }
  return sum;
}

function countsOf(one: Conversation, myId: string): ConversationCounts {
  if (one.status !== "open") return NO_CHANGE;
  const own = {
    all: 1,
    mine: one.assignee?.id === myId ? 1 : 0,
    unassigned: one.assignee ? 0 : 1,
  };
  return { open: own, unread: one.unread > 0 ? own : NOTHING };
}

function add(
  one: ConversationCounts,
  other: ConversationCounts,
  sign: 1 | -1 = 1,
): ConversationCounts {
  const sum = (kind: "open" | "unread") => ({
    all: one[kind].all + sign * other[kind].all,
    mine: one[kind].mine + sign * other[kind].mine,
    unassigned: one[kind].unassigned + sign * other[kind].unassigned,
  });
  return { open: sum("open"), unread: sum("unread") };
}

/** One that has just begun: unread, if the customer began it. */
function countsOfNew(one: SharedConversationOut, myId: string): ConversationCounts {
  return countsOf({ ...one, unread: one.last_message?.author.type === "contact" ? 1 : 0 }, myId);
}

function conversationIdOf({ type, data }: OperatorEvent): string | undefined {
  if (type === "typing" || type === "viewing") return undefined;
  if ("conversation" in data) return data.conversation.id;
  return "conversation_id" in data ? data.conversation_id : undefined;
}

function myId(): string {
  return me.peek()?.id ?? "";
}

/** Replies on their way: they wait out the undo window, then leave, and survive reloads meanwhile. */

import { createOutbox, type Entry, type Message, type Outbox, slowFrom } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { onGap } from "../core/live";
import { apiOrigin } from "../core/origin";
import { undoSendSeconds } from "../core/prefs";
import { http, session } from "../core/session";
import { close } from "./actions";
import { setDraft } from "./drafts";
import { conversationOf, fetchConversation } from "./store";
import { confirmed } from "./threads";

const held = signal<readonly Entry[]>([]);
/** Moves twice a second while an undo window is open, so that the countdown is drawn. */
export const tick = signal(Date.now());
let outbox: Outbox | null = null;
let ticker = 0;

export const waiting = computed(() => held.value);

/** When what waits counts as slow, milliseconds since the epoch; Infinity when nothing waits. */
export const repliesSlowFrom = computed(() =>
  Math.min(...held.value.filter(({ state }) => state !== "failed").map(slowFrom)),
);

export function entriesOf(conversationId: string): readonly Entry[] {
  return held.value.filter((entry) => entry.conversation === conversationId);
}

/** Milliseconds in which the entry can still be taken back; 0 when it may leave. */
export function undoLeft(entry: Entry, now: number): number {
  const until = entry.extra?.not_before;
  return typeof until === "number" ? Math.max(0, until - now) : 0;
}

/** Reply; `thenClose` closes the conversation once the reply has arrived, unless it is taken back. */
export async function sendReply(
  conversationId: string,
  text: string,
  { thenClose = false } = {},
): Promise<void> {
  const wait = undoSendSeconds.value * 1000;
  await outbox?.add({
    conversation: conversationId,
    text,
    extra: { not_before: Date.now() + wait, then_close: thenClose },
  });
}

export function closesAfter(entry: Entry): boolean {
  return entry.extra?.then_close === true;
}

/** Take a reply back while its window is open: the text returns to the composer. */
export async function undoSend(entry: Entry): Promise<void> {
  await outbox?.discard(entry.client_id);
  setDraft(entry.conversation, entry.text);
}

export function retrySend(entry: Entry): void {
  void outbox?.retry(entry.client_id);
}

export function discardSend(entry: Entry): void {
  void outbox?.discard(entry.client_id);
}

export function startSending(): () => void {
  const mine = session.value;
  if (!mine) return () => undefined;
  const box: Outbox = createOutbox({
    owner: `${mine.workspace.id}/${mine.user.id}`,
    send: (entry) => deliver(entry, box),
    onChange: (entries) => {
      held.value = entries;
      startTicking();
    },
  });
  outbox = box;
  const flush = () => box.flush();
  const leave = () => sendBeforeLeaving(box);
  const stops = [onGap(flush)];
  addEventListener("online", flush);
  addEventListener("pagehide", leave);
  return () => {
    removeEventListener("online", flush);
    removeEventListener("pagehide", leave);
    for (const stop of stops) stop();
    clearInterval(ticker);
    ticker = 0;
    box.close();
    outbox = null;
    held.value = [];
  };
}

async function deliver(entry: Entry, box: Outbox): Promise<{ conversation_id: string }> {
  const done = { conversation_id: entry.conversation };
  const left = undoLeft(entry, Date.now());
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  // Signed out meanwhile: it stays in the outbox for the next time.
  if (outbox !== box) throw new Error("stopped");
  // Taken back meanwhile: nothing is left to deliver.
  if (!box.entries.some((one) => one.client_id === entry.client_id)) return done;
  const body = { text: entry.text, client_id: entry.client_id };
  confirmed(await http.post<Message>(pathOf(entry), body, { idempotent: true }));
  if (closesAfter(entry)) await closeKnown(entry.conversation);
  return done;
}

/** After a reload the conversation may not be here yet, and what isn't here can't be closed. */
async function closeKnown(id: string): Promise<void> {
  if (!conversationOf(id)) await fetchConversation(id).catch(() => undefined);
  close([id]);
}

function pathOf(entry: Entry): string {
  return `/v1/conversations/${entry.conversation}/messages`;
}

/**
 * Closing the tab ends every undo window: what waits in one leaves now. Should the page come back,
 * it is sent again with the same `client_id`, which changes nothing.
 */
function sendBeforeLeaving(box: Outbox): void {
  for (const entry of box.entries) {
    if (undoLeft(entry, Date.now()) > 0) postLast(entry);
  }
}

/** `keepalive` lets the request outlive the page; nobody is there for its answer. */
function postLast(entry: Entry): void {
  const init: RequestInit = {
    method: "POST",
    keepalive: true,
    headers: {
      "Content-Type": "application/json",
      Authorization: `Bearer ${session.value?.access_token}`,
    },
    body: JSON.stringify({ text: entry.text, client_id: entry.client_id }),
  };
  fetch(apiOrigin + pathOf(entry), init).catch(() => undefined); // it is still in the outbox
}

function startTicking(): void {
  tick.value = Date.now();
  const open = () => held.value.some((entry) => undoLeft(entry, Date.now()) > 0);
  if (ticker || !open()) return;
  ticker = window.setInterval(() => {
    tick.value = Date.now();
    if (open()) return;
    clearInterval(ticker);
    ticker = 0;
  }, 500);
}

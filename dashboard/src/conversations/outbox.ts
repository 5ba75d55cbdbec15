/** Replies on their way: they wait out the undo window, then leave, and survive reloads meanwhile. */

import { createOutbox, type Entry, type Message, type Outbox, slowAt } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { onGap } from "../core/live";
import { apiOrigin } from "../core/origin";
import { undoSendSeconds } from "../core/prefs";
import { http, session } from "../core/session";
import { close } from "./actions";
import { setDraft } from "./drafts";
import { conversationOf, fetchConversation } from "./store";
import { addSentMessage } from "./threads";

const storedEntries = signal<readonly Entry[]>([]);
/** Moves twice a second while an undo window is open, so that the countdown is drawn. */
export const countdownNow = signal(Date.now());
let outbox: Outbox | null = null;
let ticker = 0;

export const outboxEntries = computed(() => storedEntries.value);

/** When what waits counts as slow, milliseconds since the epoch; Infinity when nothing waits. */
export const repliesSlowAt = computed(() =>
  Math.min(...storedEntries.value.filter(({ state }) => state !== "failed").map(slowAt)),
);

export function entriesOf(conversationId: string): readonly Entry[] {
  return storedEntries.value.filter((entry) => entry.conversation === conversationId);
}

/** Milliseconds in which the entry can still be taken back; 0 when it may leave. */
export function remainingUndoTime(entry: Entry, now: number): number {
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

export function willClose(entry: Entry): boolean {
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

export function startOutbox(): () => void {
  const ownSession = session.value;
  if (!ownSession) return () => undefined;
  const box: Outbox = createOutbox({
    owner: `${ownSession.workspace.id}/${ownSession.user.id}`,
    send: (entry) => deliver(entry, box),
    onChange: (entries) => {
      storedEntries.value = entries;
      startCountdown();
    },
  });
  outbox = box;
  const flush = () => box.flush();
  const onPageHide = () => sendOnPageHide(box);
  const stops = [onGap(flush)];
  addEventListener("online", flush);
  addEventListener("pagehide", onPageHide);
  return () => {
    removeEventListener("online", flush);
    removeEventListener("pagehide", onPageHide);
    for (const stop of stops) stop();
    clearInterval(ticker);
    ticker = 0;
    box.close();
    outbox = null;
    storedEntries.value = [];
  };
}

async function deliver(entry: Entry, box: Outbox): Promise<{ conversation_id: string }> {
  const result = { conversation_id: entry.conversation };
  const timeLeft = remainingUndoTime(entry, Date.now());
  if (timeLeft > 0) await new Promise((resolve) => setTimeout(resolve, timeLeft));
  // Signed out meanwhile: it stays in the outbox for the next time.
  if (outbox !== box) throw new Error("stopped");
  // Taken back meanwhile: nothing is left to deliver.
  if (!box.entries.some((one) => one.client_id === entry.client_id)) return result;
  const body = { text: entry.text, client_id: entry.client_id };
  addSentMessage(await http.post<Message>(pathOf(entry), body, { idempotent: true }));
  if (willClose(entry)) await closeConversation(entry.conversation);
  return result;
}

/** After a reload the conversation may not be here yet, and what isn't here can't be closed. */
async function closeConversation(id: string): Promise<void> {
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
function sendOnPageHide(box: Outbox): void {
  for (const entry of box.entries) {
    if (remainingUndoTime(entry, Date.now()) > 0) postKeepalive(entry);
  }
}

/** `keepalive` lets the request outlive the page; nobody is there for its answer. */
function postKeepalive(entry: Entry): void {
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

function startCountdown(): void {
  countdownNow.value = Date.now();
  const hasOpenWindow = () =>
    storedEntries.value.some((entry) => remainingUndoTime(entry, Date.now()) > 0);
  if (ticker || !hasOpenWindow()) return;
  ticker = window.setInterval(() => {
    countdownNow.value = Date.now();
    if (hasOpenWindow()) return;
    clearInterval(ticker);
    ticker = 0;
  }, 500);
}

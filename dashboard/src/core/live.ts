/** The socket of this tab: frames go to whoever folds them, gaps to whoever must fetch anew. */

import {
  createSocket,
  type FoyerSocket,
  type OperatorEvent,
  type SocketState,
  type SocketTicket,
  type Subscribed,
} from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { http } from "./session";

type Listener = (frame: OperatorEvent) => void;

const listeners = new Set<Listener>();
const gapListeners = new Set<() => void>();
const holders = new Map<string, number>();
const waiting = new Map<string, Set<() => void>>();
const state = signal<SocketState>("closed");
const freshAt = signal<number>(Date.now());
let socket: FoyerSocket | null = null;
let wasOpen = false;
let settling = 0;

/** Several subscriptions are confirmed at about the same time: fetch once for all; ms. */
const SETTLE_MS = 60;

export const socketState = computed(() => state.value);
/** When what is shown was last known to be true: milliseconds since the epoch. */
export const lastFresh = computed(() => freshAt.value);

export function onFrame(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Called when frames may have been missed: fetch anew. That is once a subscription is confirmed:
 * what happened before is fetched, what happens after is heard.
 */
export function onGap(listener: () => void): () => void {
  gapListeners.add(listener);
  return () => gapListeners.delete(listener);
}

export function startLive(): () => void {
  wasOpen = false;
  socket = createSocket<OperatorEvent | Subscribed>({
    ticket: () => http.post<SocketTicket>("/v1/socket-tickets"),
    onFrame: (frame) => {
      freshAt.value = Date.now();
      if (frame.type === "subscribed") return confirmed(frame.topic);
      for (const listener of [...listeners]) listener(frame);
    },
    onGap: () => {
      freshAt.value = Date.now();
      if (wasOpen) tellGap();
      wasOpen = true;
    },
    onState: (next) => {
      if (state.value === "open") freshAt.value = Date.now();
      state.value = next;
    },
  });
  for (const topic of holders.keys()) socket.subscribe(topic);
  socket.open();
  return () => {
    clearTimeout(settling);
    socket?.close();
    socket = null;
  };
}

/** What `conversations` tells is heard all the time: opening one of them misses nothing. */
function confirmed(topic: string): void {
  for (const ready of waiting.get(topic) ?? []) ready();
  if (!topic.startsWith("conversation/")) settle();
}

function settle(): void {
  clearTimeout(settling);
  settling = window.setTimeout(tellGap, SETTLE_MS);
}

function tellGap(): void {
  for (const listener of [...gapListeners]) listener();
}

/**
 * Follow a topic until the answer is called; several may follow the same one. `ready` is called
 * whenever it is heard from then on: once it is confirmed, and again after each reconnect.
 */
export function follow(topic: string, ready?: () => void): () => void {
  holders.set(topic, (holders.get(topic) ?? 0) + 1);
  const those = waiting.get(topic) ?? new Set();
  if (ready) waiting.set(topic, those.add(ready));
  if (holders.get(topic) === 1) socket?.subscribe(topic);
  return () => {
    if (ready) those.delete(ready);
    const left = (holders.get(topic) ?? 1) - 1;
    if (left > 0) holders.set(topic, left);
    else {
      holders.delete(topic);
      socket?.unsubscribe(topic);
    }
  };
}

export function sendTyping(conversationId: string): void {
  socket?.send({ action: "typing", conversation_id: conversationId });
}

export function sendViewing(entity: string): void {
  socket?.send({ action: "viewing", entity });
}

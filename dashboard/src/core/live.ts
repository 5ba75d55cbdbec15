/** The socket of this tab: frames go to whoever folds them, gaps to whoever must fetch anew. */

import {
  type ClientFrame,
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
/** Topics of which another one that is followed tells everything: nothing was missed before. */
const covered = new Set<string>();
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

function confirmed(topic: string): void {
  for (const ready of waiting.get(topic) ?? []) ready();
  if (!covered.has(topic)) settle();
}

function settle(): void {
  clearTimeout(settling);
  settling = window.setTimeout(tellGap, SETTLE_MS);
}

function tellGap(): void {
  for (const listener of [...gapListeners]) listener();
}

interface Following {
  /** Called whenever it is heard from then on: once it is confirmed, and after each reconnect. */
  ready?: () => void;
  /** Another topic that is followed tells the same: there is no gap before this one is heard. */
  isCovered?: boolean;
}

/** Follow a topic until the answer is called; several may follow the same one. */
export function follow(topic: string, { ready, isCovered }: Following = {}): () => void {
  if (isCovered) covered.add(topic);
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
      covered.delete(topic);
      socket?.unsubscribe(topic);
    }
  };
}

/** Tell the server something in passing; nothing while there is no connection. */
export function send(frame: ClientFrame): void {
  socket?.send(frame);
}

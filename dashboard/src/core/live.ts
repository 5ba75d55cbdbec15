/** The socket of this tab: frames go to whoever folds them, gaps to whoever must fetch anew. */

import {
  type ClientFrame,
  createSocket,
  type FoyerSocket,
  type OperatorEvent,
  type SocketState,
  type SocketTicket,
  type SubscribedFrame,
} from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { http } from "./session";

type Listener = (frame: OperatorEvent) => void;

const listeners = new Set<Listener>();
const gapListeners = new Set<() => void>();
const followerCounts = new Map<string, number>();
const readyListeners = new Map<string, Set<() => void>>();
/** Topics of which another one that is followed tells everything: nothing was missed before. */
const coveredTopics = new Set<string>();
const state = signal<SocketState>("closed");
const syncTime = signal<number>(Date.now());
let socket: FoyerSocket | null = null;
let wasOpen = false;
let gapTimer = 0;

/** Several subscriptions are confirmed at about the same time: fetch once for all; ms. */
const SETTLE_MS = 60;

export const socketState = computed(() => state.value);
/** When what is shown was last known to be true: milliseconds since the epoch. */
export const lastSyncAt = computed(() => syncTime.value);

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
  socket = createSocket<OperatorEvent | SubscribedFrame>({
    fetchTicket: () => http.post<SocketTicket>("/v1/socket-tickets"),
    onFrame: (frame) => {
      syncTime.value = Date.now();
      if (frame.type === "subscribed") return onSubscribed(frame.topic);
      for (const listener of [...listeners]) listener(frame);
    },
    onGap: () => {
      syncTime.value = Date.now();
      if (wasOpen) notifyGap();
      wasOpen = true;
    },
    onState: (next) => {
      if (state.value === "open") syncTime.value = Date.now();
      state.value = next;
    },
  });
  for (const topic of followerCounts.keys()) socket.subscribe(topic);
  socket.open();
  return () => {
    clearTimeout(gapTimer);
    socket?.close();
    socket = null;
  };
}

function onSubscribed(topic: string): void {
  for (const ready of readyListeners.get(topic) ?? []) ready();
  if (!coveredTopics.has(topic)) scheduleGap();
}

function scheduleGap(): void {
  clearTimeout(gapTimer);
  gapTimer = window.setTimeout(notifyGap, SETTLE_MS);
}

function notifyGap(): void {
  for (const listener of [...gapListeners]) listener();
}

interface SubscribeOptions {
  /** Called whenever it is heard from then on: once it is confirmed, and after each reconnect. */
  ready?: () => void;
  /** Another topic that is followed tells the same: there is no gap before this one is heard. */
  isCovered?: boolean;
}

/** Follow a topic until the answer is called; several may follow the same one. */
export function subscribe(topic: string, { ready, isCovered }: SubscribeOptions = {}): () => void {
  if (isCovered) coveredTopics.add(topic);
  followerCounts.set(topic, (followerCounts.get(topic) ?? 0) + 1);
  const callbacks = readyListeners.get(topic) ?? new Set();
  if (ready) readyListeners.set(topic, callbacks.add(ready));
  if (followerCounts.get(topic) === 1) socket?.subscribe(topic);
  return () => {
    if (ready) callbacks.delete(ready);
    const left = (followerCounts.get(topic) ?? 1) - 1;
    if (left > 0) followerCounts.set(topic, left);
    else {
      followerCounts.delete(topic);
      coveredTopics.delete(topic);
      socket?.unsubscribe(topic);
    }
  };
}

/** Tell the server something in passing; nothing while there is no connection. */
export function sendFrame(frame: ClientFrame): void {
  socket?.send(frame);
}

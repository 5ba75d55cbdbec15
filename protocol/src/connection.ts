/**
 * One connection that keeps itself alive and comes back by itself. All that a visitor needs:
 * operators subscribe to topics on top of it (`socket.ts`).
 *
 * The socket is a hint and REST is the truth: after every (re)connect `onGap` is called, and the
 * owner fetches what it may have missed. Frames may be lost, doubled or reordered.
 */

import { fullJitter } from "./backoff.ts";
import { toJson } from "./text.ts";
import type { ClientFrame, PresenceState, SocketTicket } from "./wire.ts";

/** `waiting`: lost, trying again soon. `offline`: the browser has no network. `closed`: by us. */
export type SocketState = "connecting" | "open" | "waiting" | "offline" | "closed";

export interface ConnectionOptions<E extends { type: string }> {
  /** A fresh one-use ticket; its rejection counts as a failed try. */
  fetchTicket: () => Promise<SocketTicket>;
  onFrame: (frame: E) => void;
  /** After every connect, the first included: fetch what may have been missed. */
  onGap?: () => void;
  onState?: (state: SocketState) => void;
  /** Sent at connect, when `sendPresence` is called, and every `presenceSeconds`. */
  presence?: () => PresenceState | null;
  presenceSeconds?: number;
  random?: () => number;
}

export interface Connection {
  readonly state: SocketState;
  open(): void;
  /** Closes for good (until `open`): the server sees a clean close. */
  close(): void;
  /** Sends now if connected; false when it was dropped (frames are hints, never queued). */
  send(frame: ClientFrame): boolean;
  /** Presence changed: tell it now. */
  sendPresence(): void;
}

/** API Gateway drops a connection after 10 idle minutes. */
const KEEPALIVE = 8 * 60_000;
/** How long a pong, or a connection, may take before the connection counts as dead, ms. */
const REPLY_TIMEOUT = 8_000;
const TICK = 15_000;
/** Silence after which a page that comes to the front asks whether anybody is there, ms. */
const PING_AFTER = 20_000;
const RECONNECT = { base: 1_000, cap: 30_000 };

export function createConnection<E extends { type: string }>(
  options: ConnectionOptions<E>,
): Connection {
  const { fetchTicket, onFrame, onGap, onState, presence, random } = options;
  let state: SocketState = "closed";
  let socket: WebSocket | null = null;
  /** Which try this is: whatever an earlier one still does is ignored. */
  let generation = 0;
  let failures = 0;
  let lastReceivedAt = 0;
  let lastSentAt = 0;
  let lastPresenceAt = 0;
  let lastTickAt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let replyTimer: ReturnType<typeof setTimeout> | undefined;
  let ticker: ReturnType<typeof setInterval> | undefined;

  function setState(next: SocketState) {
    if (state === next) return;
    state = next;
    onState?.(next);
  }

  async function connect() {
    generation += 1;
    const ownGeneration = generation;
    clearTimeout(retryTimer);
    setState("connecting");
    try {
      const { url, ticket: pass } = await fetchTicket();
      if (ownGeneration !== generation) return;
      attach(new WebSocket(`${url}?ticket=${encodeURIComponent(pass)}`), ownGeneration);
    } catch (error) {
      if (ownGeneration === generation) reconnectLater(Object(error).retryAfter ?? 0);
    }
  }

  function attach(next: WebSocket, ownGeneration: number) {
    socket = next;
    expectReply();
    next.onopen = () => {
      if (ownGeneration !== generation) return;
      clearTimeout(replyTimer);
      lastReceivedAt = lastSentAt = Date.now();
      setState("open");
      sendPresence();
      onGap?.();
    };
    next.onmessage = ({ data }) => {
      if (ownGeneration === generation) receive(String(data));
    };
    next.onclose = () => {
      if (ownGeneration === generation) reconnectLater();
    };
  }

  function receive(data: string) {
    lastReceivedAt = Date.now();
    failures = 0;
    clearTimeout(replyTimer);
    const frame = parse<E>(data);
    if (frame?.type === "gap") onGap?.();
    else if (frame && frame.type !== "pong") onFrame(frame);
  }

  /** Tries again soon, but not before the `seconds` that the server asked for. */
  function reconnectLater(seconds = 0) {
    drop();
    if (!navigator.onLine) return setState("offline");
    setState("waiting");
    retryTimer = setTimeout(connect, seconds * 1000 + fullJitter(failures, RECONNECT, random));
    failures += 1;
  }

  function drop() {
    generation += 1;
    clearTimeout(replyTimer);
    clearTimeout(retryTimer);
    const old = socket;
    socket = null;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close(1000);
  }

  function send(frame: ClientFrame): boolean {
    if (state !== "open" || socket?.readyState !== 1) return false;
    socket.send(toJson(frame));
    lastSentAt = Date.now();
    return true;
  }

  function sendPresence() {
    const now = presence?.();
    if (now && send({ action: "presence", ...now })) lastPresenceAt = Date.now();
  }

  function expectReply() {
    clearTimeout(replyTimer);
    replyTimer = setTimeout(() => reconnectLater(), REPLY_TIMEOUT);
  }

  function ping() {
    if (send({ action: "ping" })) expectReply();
  }

  function tick() {
    const now = Date.now();
    const elapsed = now - lastTickAt;
    lastTickAt = now;
    if (elapsed > 3 * TICK) return wake();
    // The clock was set back: nothing that was noted tells how long ago it was.
    if (elapsed < 0) lastReceivedAt = lastSentAt = lastPresenceAt = 0;
    if (now - lastSentAt > KEEPALIVE) ping();
    if (presence && now - lastPresenceAt >= (options.presenceSeconds ?? 150) * 1000) sendPresence();
  }

  /** The page came back to the front, the network came back, or the machine slept. */
  function wake() {
    if (document.visibilityState === "hidden" && state !== "offline") return;
    if (state === "open") {
      if (Date.now() - lastReceivedAt > PING_AFTER) ping();
    } else if (state !== "connecting" && navigator.onLine) {
      failures = 0;
      void connect();
    }
  }

  function goOffline() {
    drop();
    setState("offline");
  }

  return {
    get state() {
      return state;
    },
    open() {
      if (state !== "closed") return;
      lastTickAt = Date.now();
      ticker = setInterval(tick, TICK);
      addEventListener("online", wake);
      addEventListener("offline", goOffline);
      document.addEventListener("visibilitychange", wake);
      if (navigator.onLine) void connect();
      else setState("offline");
    },
    close() {
      clearInterval(ticker);
      removeEventListener("online", wake);
      removeEventListener("offline", goOffline);
      document.removeEventListener("visibilitychange", wake);
      drop();
      setState("closed");
    },
    send,
    sendPresence,
  };
}

function parse<E>(data: string): E | null {
  try {
    const frame = JSON.parse(data);
    return frame?.type ? frame : null;
  } catch {
    return null;
  }
}

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

export interface LinkOptions<E extends { type: string }> {
  /** A fresh one-use ticket; its rejection counts as a failed try. */
  ticket: () => Promise<SocketTicket>;
  onFrame: (frame: E) => void;
  /** After every connect, the first included: fetch what may have been missed. */
  onGap?: () => void;
  onState?: (state: SocketState) => void;
  /** Sent at connect, when `touchPresence` is called, and every `presenceSeconds`. */
  presence?: () => PresenceState | null;
  presenceSeconds?: number;
  random?: () => number;
}

export interface Link {
  readonly state: SocketState;
  open(): void;
  /** Closes for good (until `open`): the server sees a clean close. */
  close(): void;
  /** Sends now if connected; false when it was dropped (frames are hints, never queued). */
  send(frame: ClientFrame): boolean;
  /** Presence changed: tell it now. */
  touchPresence(): void;
}

/** API Gateway drops a connection after 10 idle minutes. */
const KEEPALIVE = 8 * 60_000;
/** How long a pong, or a connection, may take before the connection counts as dead, ms. */
const PATIENCE = 8_000;
const TICK = 15_000;
/** Silence after which a page that comes to the front asks whether anybody is there, ms. */
const DOUBT = 20_000;
const RECONNECT = { base: 1_000, cap: 30_000 };

export function createLink<E extends { type: string }>(options: LinkOptions<E>): Link {
  const { ticket, onFrame, onGap, onState, presence, random } = options;
  let state: SocketState = "closed";
  let socket: WebSocket | null = null;
  /** Which try this is: whatever an earlier one still does is ignored. */
  let generation = 0;
  let failures = 0;
  let heardAt = 0;
  let saidAt = 0;
  let presenceAt = 0;
  let tickedAt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let patienceTimer: ReturnType<typeof setTimeout> | undefined;
  let ticker: ReturnType<typeof setInterval> | undefined;

  function become(next: SocketState) {
    if (state === next) return;
    state = next;
    onState?.(next);
  }

  async function connect() {
    generation += 1;
    const mine = generation;
    clearTimeout(retryTimer);
    become("connecting");
    try {
      const { url, ticket: pass } = await ticket();
      if (mine !== generation) return;
      attach(new WebSocket(`${url}?ticket=${encodeURIComponent(pass)}`), mine);
    } catch (error) {
      if (mine === generation) lost(Object(error).retryAfter ?? 0);
    }
  }

  function attach(next: WebSocket, mine: number) {
    socket = next;
    expectAnswer();
    next.onopen = () => {
      if (mine !== generation) return;
      clearTimeout(patienceTimer);
      heardAt = saidAt = Date.now();
      become("open");
      touchPresence();
      onGap?.();
    };
    next.onmessage = ({ data }) => {
      if (mine === generation) hear(String(data));
    };
    next.onclose = () => {
      if (mine === generation) lost();
    };
  }

  function hear(data: string) {
    heardAt = Date.now();
    failures = 0;
    clearTimeout(patienceTimer);
    const frame = parse<E>(data);
    if (frame?.type === "gap") onGap?.();
    else if (frame && frame.type !== "pong") onFrame(frame);
  }

  /** Tries again soon, but not before the `seconds` that the server asked for. */
  function lost(seconds = 0) {
    drop();
    if (!navigator.onLine) return become("offline");
    become("waiting");
    retryTimer = setTimeout(connect, seconds * 1000 + fullJitter(failures, RECONNECT, random));
    failures += 1;
  }

  function drop() {
    generation += 1;
    clearTimeout(patienceTimer);
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
    saidAt = Date.now();
    return true;
  }

  function touchPresence() {
    const now = presence?.();
    if (now && send({ action: "presence", ...now })) presenceAt = Date.now();
  }

  function expectAnswer() {
    clearTimeout(patienceTimer);
    patienceTimer = setTimeout(() => lost(), PATIENCE);
  }

  function ping() {
    if (send({ action: "ping" })) expectAnswer();
  }

  function tick() {
    const now = Date.now();
    const passed = now - tickedAt;
    tickedAt = now;
    if (passed > 3 * TICK) return wake();
    // The clock was set back: nothing that was noted tells how long ago it was.
    if (passed < 0) heardAt = saidAt = presenceAt = 0;
    if (now - saidAt > KEEPALIVE) ping();
    if (presence && now - presenceAt >= (options.presenceSeconds ?? 150) * 1000) touchPresence();
  }

  /** The page came back to the front, the network came back, or the machine slept. */
  function wake() {
    if (document.visibilityState === "hidden" && state !== "offline") return;
    if (state === "open") {
      if (Date.now() - heardAt > DOUBT) ping();
    } else if (state !== "connecting" && navigator.onLine) {
      failures = 0;
      void connect();
    }
  }

  function offline() {
    drop();
    become("offline");
  }

  return {
    get state() {
      return state;
    },
    open() {
      if (state !== "closed") return;
      tickedAt = Date.now();
      ticker = setInterval(tick, TICK);
      addEventListener("online", wake);
      addEventListener("offline", offline);
      document.addEventListener("visibilitychange", wake);
      if (navigator.onLine) void connect();
      else become("offline");
    },
    close() {
      clearInterval(ticker);
      removeEventListener("online", wake);
      removeEventListener("offline", offline);
      document.removeEventListener("visibilitychange", wake);
      drop();
      become("closed");
    },
    send,
    touchPresence,
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

/**
 * What the user wrote and the server hasn't confirmed yet.
 *
 * Entries survive reloads, are sent one after the other inside a conversation, and are sent again
 * with the same `client_id` until the server answers, so nothing is lost or doubled. One tab sends
 * at a time; where there are no Web Locks two may, and the server knows the second by its `client_id`.
 */

import { fullJitter } from "./backoff.ts";
import { newId } from "./ids.ts";
import { type EntryStore, openStore } from "./store.ts";

export type EntryState = "queued" | "sending" | "failed";

export interface Entry {
  /** The ULID that makes sending it again harmless. */
  client_id: string;
  /** Whose entry this is: a visitor or user id. Other owners' entries are never shown or sent. */
  owner: string;
  /** Conversation id; or `new:<client_id>` when the entry with that id creates it. */
  conversation: string;
  text: string;
  /** Anything else that the request's body needs, as plain data. */
  extra?: Record<string, unknown>;
  /** Milliseconds since the epoch. */
  created_at: number;
  state: EntryState;
  /** Why the server refused it. */
  reason?: string;
}

export interface NewEntry {
  /** Null creates a conversation with this as its first message. */
  conversation: string | null;
  text: string;
  extra?: Record<string, unknown>;
}

/** What the server said no with: an HTTP status, 4xx where it is for good, and the reason. */
export interface SendError {
  status?: number;
  message?: string;
  /** Seconds to wait before the next try, where the server said so. */
  retryAfter?: number | null;
}

export interface OutboxOptions {
  owner: string;
  /**
   * Delivers one entry; answers the id of its conversation. A rejection with a {@link SendError}
   * (a `Problem` is one) makes the entry `failed`; anything else is tried again.
   */
  send: (entry: Entry) => Promise<{ conversation_id: string }>;
  /** The owner's entries, oldest first, after every change (another tab's included). */
  onChange?: (entries: readonly Entry[]) => void;
  store?: EntryStore<Entry> | Promise<EntryStore<Entry>>;
  random?: () => number;
}

export interface Outbox {
  readonly entries: readonly Entry[];
  /** Resolves when the entries of earlier page loads are there. */
  readonly ready: Promise<void>;
  add(entry: NewEntry): Promise<Entry>;
  /** Sends a failed entry again, with the same `client_id`. */
  retry(clientId: string): Promise<void>;
  discard(clientId: string): Promise<void>;
  /** Sends what is waiting now; call it when the server is there again. Does nothing offline. */
  flush(): void;
  /** Stops sending; entries stay for the next time. */
  close(): void;
}

const RETRY = { base: 1_000, cap: 60_000 };
/** A server that asks for a longer wait than this (s) is asked again all the same. */
const LONGEST_WAIT = 300;
/** What isn't sent this long after it could have left takes longer than one likes to wait, ms. */
const SLOW = 6_000;
const CHANNEL = "foyer-outbox";

export function isNewConversation(conversation: string): boolean {
  return conversation.startsWith("new:");
}

/** When an entry that is still there counts as slow, in milliseconds since the epoch. */
export function slowAt({ created_at, extra }: Entry): number {
  const { not_before } = extra ?? {};
  return Math.max(created_at, typeof not_before === "number" ? not_before : 0) + SLOW;
}

export function createOutbox({ owner, send, onChange, store, random }: OutboxOptions): Outbox {
  const channel = new BroadcastChannel(CHANNEL);
  const inFlight = new Set<string>();
  let entryStore: EntryStore<Entry>;
  let entries: readonly Entry[] = [];
  let isClosed = false;
  let isFlushing = false;
  let isFlushDue = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function reload() {
    const all = await entryStore.all();
    if (isClosed) return;
    entries = all
      .filter((entry) => entry.owner === owner)
      .map((entry) => (inFlight.has(entry.client_id) ? { ...entry, state: "sending" } : entry));
    onChange?.(entries);
  }

  async function reloadAndNotify() {
    await reload();
    if (!isClosed) channel.postMessage(owner);
  }

  /** Pages without TLS have no locks, and browsers refuse them where they refuse storage. */
  async function runWithLock(work: () => Promise<void>): Promise<void> {
    let isLocked = false;
    const run = () => {
      isLocked = true;
      return work();
    };
    await navigator.locks?.request(`foyer-outbox:${owner}`, run).catch((error) => {
      if (isLocked) throw error;
    });
    if (!isLocked) await work();
  }

  /** One round at a time; whoever asks during one gets another behind it. */
  async function flush() {
    isFlushDue = true;
    if (isFlushing) return;
    isFlushing = true;
    try {
      while (isFlushDue && !isClosed && navigator.onLine !== false) {
        isFlushDue = false;
        clearTimeout(timer);
        await runWithLock(sendAll);
      }
    } finally {
      isFlushing = false;
    }
  }

  async function sendAll() {
    await reload();
    const byConversation = new Map<string, Entry[]>();
    for (const entry of entries) {
      if (entry.state === "failed") continue;
      byConversation.set(entry.conversation, [
        ...(byConversation.get(entry.conversation) ?? []),
        entry,
      ]);
    }
    const delays = await Promise.all([...byConversation.values()].map(sendInOrder));
    const retryDelays = delays.filter((seconds) => seconds !== null);
    if (!retryDelays.length) failures = 0;
    else if (!isClosed) {
      const wait = Math.max(...retryDelays) * 1000 + fullJitter(failures++, RETRY, random);
      timer = setTimeout(flush, wait);
    }
  }

  /**
   * Sends a conversation's entries in order; null when it got through, else the seconds that the
   * server asks to wait before it is tried again.
   */
  async function sendInOrder(queue: Entry[]): Promise<number | null> {
    let conversation = queue[0]?.conversation ?? "";
    for (const entry of queue) {
      if (isClosed) return null;
      if (!entries.some(({ client_id }) => client_id === entry.client_id)) continue;
      const first = conversation === `new:${entry.client_id}`;
      if (isNewConversation(conversation) && !first) return null;
      try {
        conversation = await deliver({ ...entry, conversation });
      } catch (error) {
        const sendError = error as SendError;
        if (!isPermanent(sendError)) return Math.min(sendError.retryAfter ?? 0, LONGEST_WAIT);
        await entryStore.put({
          ...entry,
          conversation,
          state: "failed",
          reason: sendError.message ?? "",
        });
        await reloadAndNotify();
      }
    }
    return null;
  }

  async function deliver(entry: Entry): Promise<string> {
    inFlight.add(entry.client_id);
    try {
      await reload();
      const { conversation_id } = await send(entry);
      if (isNewConversation(entry.conversation)) {
        await moveFollowers(entry, () => conversation_id);
        isFlushDue = true;
      }
      await entryStore.remove(entry.client_id);
      return conversation_id;
    } finally {
      inFlight.delete(entry.client_id);
      await reloadAndNotify();
    }
  }

  /** Entries written behind a conversation's first one move with it. */
  async function moveFollowers(first: Entry, to: (followers: Entry[]) => string) {
    const followers = (await entryStore.all()).filter(
      (entry) => entry.conversation === first.conversation && entry.client_id !== first.client_id,
    );
    const conversation = to(followers);
    await entryStore.put(...followers.map((entry) => ({ ...entry, conversation })));
  }

  const flushWhenReady = () => void ready.then(flush);
  globalThis.addEventListener?.("online", flushWhenReady);
  const ready = (async () => {
    entryStore = await (store ?? openStore<Entry>());
    await reload();
    if (entries.length) void flush();
  })();
  channel.onmessage = ({ data }) => {
    if (data === owner) void ready.then(reload);
  };

  return {
    ready,
    get entries() {
      return entries;
    },
    async add({ conversation, text, extra }) {
      await ready;
      const client_id = newId();
      const entry: Entry = {
        client_id,
        owner,
        conversation: conversation ?? `new:${client_id}`,
        text,
        ...(extra && { extra }),
        created_at: Date.now(),
        state: "queued",
      };
      await entryStore.put(entry);
      await reloadAndNotify();
      void flush();
      return entry;
    },
    async retry(clientId) {
      const entry = entries.find((one) => one.client_id === clientId);
      if (!entry) return;
      const { reason: _, ...rest } = entry;
      await entryStore.put({ ...rest, state: "queued" });
      await reloadAndNotify();
      void flush();
    },
    async discard(clientId) {
      const entry = entries.find((one) => one.client_id === clientId);
      if (entry?.conversation === `new:${clientId}`) {
        await moveFollowers(entry, ([next]) => `new:${next?.client_id}`);
      }
      await entryStore.remove(clientId);
      await reloadAndNotify();
    },
    flush: flushWhenReady,
    close() {
      isClosed = true;
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", flushWhenReady);
      channel.close();
    },
  };
}

/** Refused for good. After a 401 the entry waits until there is a credential again. */
function isPermanent({ status }: SendError): boolean {
  return !!status && status >= 400 && status < 500 && ![401, 408, 429].includes(status);
}

/** Keeps conversations and threads in step with the server: fetches, frames, read marks. */

import type { CustomerEvent } from "@foyer/protocol";
import { isNewConversation } from "@foyer/protocol/outbox";
import { apply, contiguousSeq, findGap, mergeMarks, mergePage } from "@foyer/protocol/thread";
import type { CustomerConversation, Message, Page } from "@foyer/protocol/wire";
import type { ToLoader } from "../shared/bridge.ts";
import type { Call } from "./api.ts";
import type { Store } from "./state.ts";

const PAGE = 30;
/** How long a typing sign is shown, ms: twice the time between two of them. */
const TYPING_TIMEOUT = 6000;

/** How long after a vain try to catch up the next one is made, ms. */
const RETRY_AFTER = 10_000;

export type Sync = ReturnType<typeof createSync>;

export function createSync(store: Store, call: Call, post: (message: ToLoader) => void) {
  const { set, setThread, thread, conversation } = store;
  const typingTimers: Record<string, ReturnType<typeof setTimeout>> = {};
  const loading: Record<string, Promise<void> | undefined> = {};
  const readSeqs: Record<string, number> = {};
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  function merge(...changed: CustomerConversation[]) {
    const byId = new Map((store.state.conversations ?? []).map((one) => [one.id, one]));
    for (const one of changed) {
      const known = byId.get(one.id);
      if (known && known.version > one.version) continue;
      byId.set(one.id, one.last_seq <= (readSeqs[one.id] ?? 0) ? { ...one, unread: 0 } : one);
      const thread = store.state.threads[one.id];
      if (thread) setThread(mergeMarks(thread, one));
    }
    const conversations = [...byId.values()].sort((a, b) =>
      a.last_activity_at < b.last_activity_at ? 1 : -1,
    );
    set({ conversations });
    post({ kind: "unread", count: conversations.reduce((sum, one) => sum + one.unread, 0) });
  }

  async function catchUp() {
    clearTimeout(retryTimer);
    try {
      const { data } = await call<Page<CustomerConversation>>("");
      merge(...data);
      await Promise.all(Object.keys(store.state.threads).map(load));
      set({ hasFailed: false, isStale: false });
    } catch {
      const isStale = !!store.state.conversations;
      set({ hasFailed: !isStale, isStale });
      if (isStale) retryTimer = setTimeout(catchUp, RETRY_AFTER);
    }
  }

  /** One piece of loading at a time for each conversation. */
  function loadOnce(id: string, work: () => Promise<void>): Promise<void> {
    loading[id] ??= work()
      .then(
        () => set({ hasFailed: false }),
        () => set({ hasFailed: true }),
      )
      .finally(() => {
        delete loading[id];
      });
    return loading[id];
  }

  /** Brings a thread up to what is known of it. */
  const load = (id: string) => loadOnce(id, () => fillGaps(id));

  async function fillGaps(id: string) {
    const start = mergeMarks(thread(id), conversation(id));
    setThread(start);
    if (start.from === null) await fetchOlder(id, start.last_seq + 1);
    for (let gap = findGap(thread(id)); gap; gap = findGap(thread(id))) {
      const { after_seq } = gap;
      const page = await fetchMessages(id, `after_seq=${after_seq}&limit=100`);
      setThread(mergePage(thread(id), page, { after_seq }));
      if (!page.length) break;
      if (page.some(({ author }) => author.type !== "contact")) showTyping(id, "");
    }
    markRead();
  }

  async function fetchOlder(id: string, before_seq: number) {
    const page = await fetchMessages(id, `before_seq=${before_seq}&limit=${PAGE}`);
    setThread(mergePage(thread(id), page, { before_seq }));
    const last = thread(id).last_seq;
    set({ historySeqs: { ...store.state.historySeqs, [id]: store.state.historySeqs[id] ?? last } });
  }

  const fetchMessages = async (id: string, query: string) =>
    (await call<Page<Message>>(`/${id}/messages?${query}`)).data;

  function applyFrame(frame: CustomerEvent) {
    if (frame.type === "typing")
      return showTyping(frame.data.conversation_id, frame.data.author.name);
    for (const known of Object.values(store.state.threads)) setThread(apply(known, frame));
    if ("conversation" in frame.data) {
      merge(frame.data.conversation);
      const { id } = frame.data.conversation;
      if (store.state.threads[id] && findGap(thread(id))) load(id);
    }
    if (frame.type === "message.created") announceMessage(frame.data.message);
    else if (frame.type === "message.read" && frame.data.by === "customer") {
      const { conversation_id, seq, state: how } = frame.data;
      if (how === "read") setReadSeq(conversation_id, seq);
    }
  }

  function announceMessage({ conversation_id, author, text }: Message) {
    if (author.type === "contact") return;
    showTyping(conversation_id, "");
    post({ kind: "message", conversation_id, preview: { name: author.name, text } });
    markRead();
  }

  function showTyping(id: string, name: string) {
    clearTimeout(typingTimers[id]);
    if (name) typingTimers[id] = setTimeout(() => showTyping(id, ""), TYPING_TIMEOUT);
    set({ typing: { ...store.state.typing, [id]: name } });
  }

  function setReadSeq(id: string, seq: number) {
    readSeqs[id] = Math.max(readSeqs[id] ?? 0, seq);
    const known = conversation(id);
    if (known?.unread && known.last_seq <= seq) merge({ ...known, unread: 0 });
  }

  /** Tells what the visitor has before their eyes as read. */
  function markRead() {
    const id = store.current();
    if (
      !id ||
      isNewConversation(id) ||
      !store.state.isOpen ||
      document.hidden ||
      !document.hasFocus()
    )
      return;
    const open = thread(id);
    const seq = contiguousSeq(open);
    const before = readSeqs[id] ?? 0;
    if (open.from === null || seq <= before) return;
    // After one's own message there is nothing new to read.
    const isOwnLast = open.messages.at(-1)?.author.type === "contact" && !conversation(id)?.unread;
    setReadSeq(id, seq);
    if (isOwnLast) return;
    call(`/${id}/read`, { seq }).catch(() => {
      readSeqs[id] = before;
    });
  }

  return {
    merge,
    catchUp,
    load,
    applyFrame,
    markRead,
    loadOlder(id: string) {
      const { from } = thread(id);
      if (from && from > 1) loadOnce(id, () => fetchOlder(id, from));
    },
  };
}

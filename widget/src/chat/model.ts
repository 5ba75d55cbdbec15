/** The visitor's session in the frame, and everything that they can do. */

import {
  createOutbox,
  type Entry,
  isNewConversation,
  type Outbox,
  slowAt,
} from "@foyer/protocol/outbox";
import { openStore } from "@foyer/protocol/store";
import { apply, mergePage } from "@foyer/protocol/thread";
import type { Author, CustomerConversation, Message } from "@foyer/protocol/wire";
import type { ToFrame, ToLoader } from "../shared/bridge.ts";
import { createCall, type Session } from "./api.ts";
import { loadDrafts, saveDraft } from "./drafts.ts";
import { createStore, type View } from "./state.ts";
import { createSync } from "./sync.ts";

/** A typing sign is told at most this often, ms. */
const TYPING_INTERVAL = 3000;
/** How long the loader may take to get a new session, ms. */
const RENEWAL_TIMEOUT = 15_000;

/** As much of a conversation as a list shows. */
export type ConversationSummary = Pick<CustomerConversation, "id" | "last_activity_at"> &
  Partial<Pick<CustomerConversation, "unread" | "assignee">> & {
    last_message: { author: Pick<Author, "type"> & Partial<Author>; text: string } | null;
  };

export type Model = ReturnType<typeof createModel>;

export function createModel(post: (message: ToLoader) => void, redraw: () => void) {
  const store = createStore(redraw);
  const { set, setThread, thread, current } = store;
  let outbox: Outbox | undefined;
  let renewals: (() => void)[] = [];
  let typingSentAt = 0;
  let slowTimer: ReturnType<typeof setTimeout> | undefined;

  const call = createCall(
    () => store.state.session,
    () =>
      new Promise((resolve) => {
        renewals.push(resolve);
        setTimeout(resolve, RENEWAL_TIMEOUT);
        post({ kind: "renew" });
      }),
  );
  const sync = createSync(store, call, post);

  function applySession(session: Session) {
    const { visitor_id, answers } = session;
    set({ session, failure: null });
    resolveRenewals();
    if (outbox) return outbox.flush();
    if (!answers) {
      set({ drafts: { ...loadDrafts(visitor_id), ...store.state.drafts } });
      outbox = openOutbox(visitor_id);
    }
    sync.catchUp();
    navigate(store.state.view);
  }

  /** There is a new token, or none for now: what waits for one tries again. */
  function resolveRenewals() {
    for (const resolve of renewals) resolve();
    renewals = [];
  }

  function openOutbox(owner: string) {
    const entryStore = openStore<Entry>();
    entryStore.then(async (store) => {
      for (const entry of await store.all()) {
        if (entry.owner !== owner) await store.remove(entry.client_id);
      }
    });
    return createOutbox({
      owner,
      store: entryStore,
      send: deliver,
      onChange(entries) {
        set({ entries });
        watchUnsent();
      },
    });
  }

  /** Tells whether there is something to be sent, and when that takes long. */
  function watchUnsent() {
    clearTimeout(slowTimer);
    const unsent = store.state.entries.filter(({ state }) => state !== "failed");
    post({ kind: "unsent", any: unsent.length > 0 });
    const left = Math.min(...unsent.map(slowAt)) - Date.now();
    const isSlow = left <= 0;
    if (store.state.isSlow !== isSlow) set({ isSlow });
    if (unsent.length && left > 0) slowTimer = setTimeout(watchUnsent, left);
  }

  async function wipe() {
    loadDrafts("");
    const { entries } = store.state;
    store.reset();
    await Promise.all(entries.map(({ client_id }) => outbox?.discard(client_id)));
    outbox?.close();
  }

  async function deliver({ conversation: id, client_id, text, created_at }: Entry) {
    const body = { text, client_id };
    if (!isNewConversation(id)) {
      const message = await call<Message>(`/${id}/messages`, body);
      setThread(apply(thread(id), { type: "message.created", data: { message } }));
      return { conversation_id: id };
    }
    const created = await call<{ conversation: CustomerConversation; message: Message }>("", body);
    const to = created.conversation.id;
    setThread(mergePage(thread(to), [created.message], { after_seq: 0 }));
    const { view, drafts, historySeqs } = store.state;
    // What was written before the page was loaded may have arrived long ago, and been answered.
    const past = created_at < performance.timeOrigin ? created.conversation.last_seq : 0;
    setDraft(to, drafts[id] ?? "");
    setDraft(id, "");
    set({
      historySeqs: { ...historySeqs, [to]: historySeqs[to] ?? past },
      ...(view.name === "talk" && view.id === id && { view: { name: "talk", id: to } }),
    });
    sync.merge(created.conversation);
    return { conversation_id: to };
  }

  /** Tells the page's side where the visitor is: should the frame be loaded again, it goes on. */
  function postPlace() {
    const { view, drafts } = store.state;
    post({ kind: "place", place: { view, drafts } });
  }

  function navigate(view: View) {
    set({ view, hasFailed: false });
    postPlace();
    if (view.name === "talk" && view.id && !isNewConversation(view.id)) sync.load(view.id);
  }

  function setDraft(id: string | null, text: string) {
    const { session, drafts } = store.state;
    const key = id ?? "";
    set({ drafts: { ...drafts, [key]: text } });
    postPlace();
    if (session && !session.answers) saveDraft(session.visitor_id, key, text);
  }

  /** What the page's side says, by kind. */
  const handlers: {
    [Kind in ToFrame["kind"]]?: (message: Extract<ToFrame, { kind: Kind }>) => void;
  } = {
    start: ({ place }) => place && set(place),
    session: ({ session }) => applySession(session),
    refused({ why }) {
      set({ failure: why });
      resolveRenewals();
    },
    frame: ({ frame }) => sync.applyFrame(frame),
    gap: sync.catchUp,
    connection({ state }) {
      set({ connection: state });
      if (state === "open") outbox?.flush();
    },
    shown({ text }) {
      set({ isOpen: true });
      if (text !== undefined) {
        navigate({ name: "talk", id: null });
        setDraft(null, text);
      }
      sync.markRead();
    },
    hidden: () => set({ isOpen: false }),
    wipe,
  };

  return {
    get state() {
      return store.state;
    },
    /** Those that the server doesn't know yet, then those that it does. */
    conversations: (): ConversationSummary[] => [
      ...store.state.entries.filter(startsConversation).map(toSummary),
      ...(store.state.conversations ?? []),
    ],
    receive: (message: ToFrame) => handlers[message.kind]?.(message as never),
    navigate,
    markRead: sync.markRead,
    loadOlder: sync.loadOlder,
    close: () => post({ kind: "close" }),
    retry: (clientId: string) => outbox?.retry(clientId),
    discard: (clientId: string) => outbox?.discard(clientId),
    reload() {
      const id = current();
      if (!store.state.session) post({ kind: "renew" });
      else if (id && !isNewConversation(id)) sync.load(id);
      else sync.catchUp();
    },
    edit(text: string) {
      const id = current();
      setDraft(id, text);
      if (!id || isNewConversation(id) || !text || Date.now() - typingSentAt < TYPING_INTERVAL)
        return;
      typingSentAt = Date.now();
      post({ kind: "say", frame: { action: "typing", conversation_id: id } });
    },
    /** Keeps the text in the outbox, which sends it; without a session it stays in the composer. */
    async send(text: string) {
      if (!outbox) return;
      const id = current();
      const key = id ?? "";
      set({ drafts: { ...store.state.drafts, [key]: "" } });
      typingSentAt = 0;
      const entry = await outbox.add({ conversation: id, text });
      // Only what is kept as a message is let go of as a draft: the frame may end at any moment.
      setDraft(id, store.state.drafts[key] ?? "");
      if (id === null && current() === null)
        set({ view: { name: "talk", id: entry.conversation } });
    },
  };
}

/** Whether an entry begins a conversation. */
const startsConversation = ({ conversation, client_id }: Entry) =>
  conversation === `new:${client_id}`;

const toSummary = ({ conversation, text, created_at }: Entry): ConversationSummary => ({
  id: conversation,
  last_message: { author: { type: "contact" }, text },
  last_activity_at: new Date(created_at).toISOString(),
});

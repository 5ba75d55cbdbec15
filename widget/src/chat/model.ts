/** The visitor's session in the frame, and everything that they can do. */

import { createOutbox, type Entry, isNew, type Outbox } from "@foyer/protocol/outbox";
import type { CustomerConversation, Message } from "@foyer/protocol/shapes";
import { openStore } from "@foyer/protocol/store";
import { apply, emptyThread, merge } from "@foyer/protocol/thread";
import type { ToFrame, ToLoader } from "../shared/bridge.ts";
import { createCall, type Session } from "./api.ts";
import { draftsOf, keepDraft } from "./drafts.ts";
import { createStore, type View } from "./state.ts";
import { createSync } from "./sync.ts";

/** A typing sign is told at most this often, ms. */
const TYPING_TOLD = 3000;
/** How long the loader may take to get a new session, ms. */
const RENEWAL = 15_000;

export type Model = ReturnType<typeof createModel>;

export function createModel(post: (message: ToLoader) => void, redraw: () => void) {
  const store = createStore(redraw);
  const { set, setThread, thread, current } = store;
  let outbox: Outbox | undefined;
  let renewed: (() => void)[] = [];
  let typedAt = 0;

  const call = createCall(
    () => store.state.session,
    () =>
      new Promise((resolve) => {
        renewed.push(resolve);
        setTimeout(resolve, RENEWAL);
        post({ kind: "renew" });
      }),
  );
  const sync = createSync(store, call, post);

  function started(session: Session) {
    const { visitor_id, answers } = session;
    set({ session, refused: null });
    answered();
    if (outbox) return outbox.flush();
    if (!answers) {
      set({ drafts: { ...draftsOf(visitor_id), ...store.state.drafts } });
      outbox = openOutbox(visitor_id);
    }
    sync.catchUp();
  }

  /** There is a new token, or none for now: what waits for one tries again. */
  function answered() {
    for (const resolve of renewed) resolve();
    renewed = [];
  }

  function openOutbox(owner: string) {
    const kept = openStore<Entry>();
    kept.then(async (store) => {
      for (const entry of await store.all()) {
        if (entry.owner !== owner) await store.remove(entry.client_id);
      }
    });
    return createOutbox({
      owner,
      store: kept,
      send: deliver,
      onChange(entries) {
        post({ kind: "unsent", any: entries.some(({ state }) => state !== "failed") });
        set({ entries });
      },
    });
  }

  async function wipe() {
    draftsOf("");
    const { entries } = store.state;
    store.reset();
    await Promise.all(entries.map(({ client_id }) => outbox?.discard(client_id)));
    outbox?.close();
  }

  async function deliver({ conversation: id, client_id, text }: Entry) {
    const body = { text, client_id };
    if (!isNew(id)) {
      const message = await call<Message>(`/${id}/messages`, body);
      setThread(apply(thread(id), { type: "message.created", data: { message } }));
      return { conversation_id: id };
    }
    const made = await call<{ conversation: CustomerConversation; message: Message }>("", body);
    const to = made.conversation.id;
    setThread(merge(emptyThread(to), [made.message], { after_seq: 0 }));
    const { view, drafts, historyTo } = store.state;
    setDraft(to, drafts[id] ?? "");
    setDraft(id, "");
    set({
      historyTo: { ...historyTo, [to]: 0 },
      ...(view.name === "talk" && view.id === id && { view: { name: "talk", id: to } }),
    });
    sync.learn(made.conversation);
    return { conversation_id: to };
  }

  function go(view: View) {
    set({ view, loadFailed: false });
    if (view.name === "talk" && view.id && !isNew(view.id)) sync.load(view.id);
  }

  function setDraft(id: string | null, text: string) {
    const { session, drafts } = store.state;
    const key = id ?? "";
    set({ drafts: { ...drafts, [key]: text } });
    if (session && !session.answers) keepDraft(session.visitor_id, key, text);
  }

  function told(message: ToFrame) {
    if (message.kind === "session") started(message.session);
    else if (message.kind === "refused") {
      set({ refused: message.why });
      answered();
    } else if (message.kind === "hidden") set({ shown: false });
    else if (message.kind === "wipe") wipe();
    else if (message.kind === "frame") sync.hear(message.frame);
    else if (message.kind === "gap") sync.catchUp();
    else if (message.kind === "connection") {
      set({ connection: message.state });
      if (message.state === "open") outbox?.flush();
    } else if (message.kind === "shown") {
      set({ shown: true });
      if (message.text !== undefined) {
        go({ name: "talk", id: null });
        setDraft(null, message.text);
      }
      sync.read();
    }
  }

  return {
    get state() {
      return store.state;
    },
    /** What the loader says. */
    told,
    go,
    read: sync.read,
    older: sync.older,
    close: () => post({ kind: "close" }),
    retry: (clientId: string) => outbox?.retry(clientId),
    discard: (clientId: string) => outbox?.discard(clientId),
    reload() {
      const id = current();
      if (!store.state.session) post({ kind: "renew" });
      else if (id && !isNew(id)) sync.load(id);
      else sync.catchUp();
    },
    typed(text: string) {
      const id = current();
      setDraft(id, text);
      if (!id || isNew(id) || !text || Date.now() - typedAt < TYPING_TOLD) return;
      typedAt = Date.now();
      post({ kind: "say", frame: { action: "typing", conversation_id: id } });
    },
    /** Keeps the text in the outbox, which sends it; without a session it stays in the composer. */
    async send(text: string) {
      if (!outbox) return;
      const id = current();
      setDraft(id, "");
      typedAt = 0;
      const entry = await outbox.add({ conversation: id, text });
      if (id === null && current() === null)
        set({ view: { name: "talk", id: entry.conversation } });
    },
  };
}

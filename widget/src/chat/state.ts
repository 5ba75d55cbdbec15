/** What the chat knows at a moment, and the one place where that changes. */

import type { SocketState } from "@foyer/protocol/connection";
import type { Entry } from "@foyer/protocol/outbox";
import { emptyThread, type Thread } from "@foyer/protocol/thread";
import type { CustomerConversation } from "@foyer/protocol/wire";
import type { Place, Refused } from "../shared/bridge.ts";
import type { Session } from "./api.ts";

/** Null is a conversation that hasn't begun. */
export type View = Place["view"];

export interface State {
  session: Session | null;
  /** Why there is no session: it may pass, or not. */
  refused: Refused | null;
  shown: boolean;
  view: View;
  /** Latest activity first; null until fetched. */
  conversations: CustomerConversation[] | null;
  threads: Record<string, Thread>;
  /** By conversation: whatever came later is new to the visitor's screen reader. */
  historyTo: Record<string, number>;
  entries: readonly Entry[];
  /** Something that was written isn't sent although it could have been for a while. */
  slow: boolean;
  typing: Record<string, string>;
  connection: SocketState;
  /** The last try to catch up was vain. */
  lost: boolean;
  loadFailed: boolean;
  drafts: Record<string, string>;
}

const fresh = (): State => ({
  session: null,
  refused: null,
  shown: false,
  view: { name: "home" },
  conversations: null,
  threads: {},
  historyTo: {},
  entries: [],
  slow: false,
  typing: {},
  connection: "connecting",
  lost: false,
  loadFailed: false,
  drafts: {},
});

export type Store = ReturnType<typeof createStore>;

export function createStore(redraw: () => void) {
  let state = fresh();

  function set(changes: Partial<State>) {
    state = { ...state, ...changes };
    redraw();
  }

  return {
    get state() {
      return state;
    },
    set,
    /** Forgets everything but whether the panel is open. */
    reset: () => set({ ...fresh(), shown: state.shown }),
    setThread(thread: Thread) {
      if (thread !== state.threads[thread.id]) {
        set({ threads: { ...state.threads, [thread.id]: thread } });
      }
    },
    /** The conversation on the screen. */
    current: () => (state.view.name === "talk" ? state.view.id : null),
    thread: (id: string) => state.threads[id] ?? emptyThread(id),
    conversation: (id: string) => state.conversations?.find((one) => one.id === id),
  };
}

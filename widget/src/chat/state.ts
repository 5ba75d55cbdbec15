/** What the chat knows at a moment, and the one place where that changes. */

import type { SocketState } from "@foyer/protocol/connection";
import type { Entry } from "@foyer/protocol/outbox";
import { emptyThread, type Thread } from "@foyer/protocol/thread";
import type { CustomerConversation } from "@foyer/protocol/wire";
import type { Place, SessionFailure } from "../shared/bridge.ts";
import type { Session } from "./api.ts";

/** Null is a conversation that hasn't begun. */
export type View = Place["view"];

export interface State {
  session: Session | null;
  /** Why there is no session: it may pass, or not. */
  failure: SessionFailure | null;
  isOpen: boolean;
  view: View;
  /** Latest activity first; null until fetched. */
  conversations: CustomerConversation[] | null;
  threads: Record<string, Thread>;
  /** By conversation: whatever came later is new to the visitor's screen reader. */
  historySeqs: Record<string, number>;
  entries: readonly Entry[];
  /** Something that was written isn't sent although it could have been for a while. */
  isSlow: boolean;
  typing: Record<string, string>;
  connection: SocketState;
  /** The last try to catch up was vain. */
  isStale: boolean;
  hasFailed: boolean;
  drafts: Record<string, string>;
}

const initialState = (): State => ({
  session: null,
  failure: null,
  isOpen: false,
  view: { name: "home" },
  conversations: null,
  threads: {},
  historySeqs: {},
  entries: [],
  isSlow: false,
  typing: {},
  connection: "connecting",
  isStale: false,
  hasFailed: false,
  drafts: {},
});

export type Store = ReturnType<typeof createStore>;

export function createStore(redraw: () => void) {
  let state = initialState();

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
    reset: () => set({ ...initialState(), isOpen: state.isOpen }),
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

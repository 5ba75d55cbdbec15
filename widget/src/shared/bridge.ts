/**
 * What the loader (on the host's page) and the chat (in the frame) say to each other.
 *
 * The loader sends one `message` event to the frame's window with the port of a MessageChannel;
 * everything after that goes through the port. The page's side keeps the visitor's session and
 * their only socket, also while the chat is open: opening it makes nobody blink offline.
 */

import type { ClientFrame, CustomerEvent, SocketState, WidgetSession } from "@foyer/protocol";

/** Marks the first message, which carries the port. */
export const GREETING = "foyer:hello";

/** There is no session, for now or on this page at all. */
export type SessionFailure = "unreachable" | "unavailable";

/** Where a visitor is in the chat, and what they have begun to write. */
export interface Place {
  view: { name: "home" | "list" } | { name: "talk"; id: string | null };
  drafts: Record<string, string>;
}

export type ToFrame =
  /**
   * `place` is where the same page's frame was before it had to be loaded again, `colour` the
   * accent until the session says it.
   */
  | { kind: "start"; place: Place | undefined; colour: string }
  /** Nothing is drawn before this came. Words that are missing are English. */
  | { kind: "language"; locale: string; words: Record<string, string> }
  | { kind: "session"; session: WidgetSession }
  | { kind: "refused"; why: SessionFailure }
  | { kind: "frame"; frame: CustomerEvent }
  | { kind: "connection"; state: SocketState }
  /** The socket (re)connected: frames may have been missed. */
  | { kind: "gap" }
  /** The panel is on the screen; `text` is for a new message's composer. */
  | { kind: "shown"; text?: string }
  | { kind: "hidden" }
  /** The visitor was shut down: forget everything that is theirs. */
  | { kind: "wipe" };

export interface Preview {
  name: string;
  text: string;
}

export type ToLoader =
  | { kind: "started" }
  | { kind: "place"; place: Place }
  /** For the socket. */
  | { kind: "say"; frame: ClientFrame }
  | { kind: "close" }
  /** The session's token is no longer accepted. */
  | { kind: "renew" }
  | { kind: "unread"; count: number }
  /** Whether something waits in the outbox: the next page then loads the chat to send it. */
  | { kind: "unsent"; any: boolean }
  | { kind: "message"; preview: Preview; conversation_id: string };

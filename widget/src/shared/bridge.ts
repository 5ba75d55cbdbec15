/**
 * What the loader (on the host's page) and the chat (in the frame) say to each other.
 *
 * The loader sends one `message` event to the frame's window with the port of a MessageChannel;
 * everything after that goes through the port. The loader owns the visitor's session; the frame
 * owns the socket from its start on.
 */

import type { PresenceState, WidgetSession } from "@foyer/protocol";

/** Marks the first message, which carries the port. */
export const GREETING = "foyer:hello";

export type ToFrame =
  | { kind: "start"; locale: string }
  /** A session, or why there is none: a problem's code. */
  | { kind: "session"; session: WidgetSession }
  | { kind: "refused"; code: string }
  | { kind: "presence"; presence: PresenceState }
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
  | { kind: "close" }
  /** The session's token is no longer accepted. */
  | { kind: "renew" }
  | { kind: "unread"; count: number }
  | { kind: "message"; preview: Preview; conversation_id: string };

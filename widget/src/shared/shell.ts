/**
 * What the loader gives to the guest script, and what it asks of it.
 *
 * The loader draws; the guest script (loaded when the page is idle, or on first opening) knows
 * the visitor: session, presence, unread, and the conversation with the frame.
 */

import type { Identity, WidgetConfig, WidgetSession } from "@foyer/protocol";
import type { Bubble } from "../preview/bubble.ts";

export type Look = Pick<WidgetConfig, "colour" | "position" | "launcher_hidden" | "theme">;

/** A session that no server gave, with the answers to what the chat asks, by path. */
export interface Sample extends WidgetSession {
  answers: Record<string, unknown>;
}

export interface Options extends Partial<Look> {
  key: string;
  /** Null after the visitor logged out. */
  identity?: Identity | null;
  /** Elements of the host that open the chat when clicked. */
  open_selector?: string;
  /** BCP 47, or near it; the browser's language when absent. */
  locale?: string;
  /** Draws this instead of asking the server: nothing is sent, nobody is online. */
  preview?: Sample;
}

export interface Shell {
  /** Where the loader, the frame and the API come from. */
  readonly origin: string;
  readonly options: Options;
  readonly root: ShadowRoot;
  /** The frame, once it was asked for. */
  readonly frame: HTMLIFrameElement | undefined;
  readonly isOpen: boolean;
  /** Draws anew what the remembered look and the options say. */
  restyle(): void;
  /** Puts the widget into the page, unless it is there. */
  attach(): void;
  /** The labels in the visitor's language; English where there are none. */
  label(words: Record<string, string>): void;
  /** Puts the frame into the panel without opening it. */
  load(): void;
  open(text?: string): void;
  close(): void;
  removeFrame(): void;
  emit(event: string, detail?: unknown): void;
  /** Fetches a script of ours by its name among the assets. */
  fetch: FetchScript;
}

export type FetchScript = (
  name: string,
  onLoad: () => void,
  onError: (code: ErrorCode) => void,
) => void;

export interface Guest {
  /** The frame's document is there. */
  connect(): void;
  /** The panel was opened; `text` is for a new message's composer. */
  onOpen(text?: string): void;
  onClose(): void;
  onUpdate(changes: Partial<Options>): void;
  /** Closes everything and forgets the visitor. */
  destroy(): void;
}

/** How the guest script finds the loader that asked for it. */
export type GuestCallback = (createGuest: (shell: Shell) => Guest) => void;

/** The key of what is remembered in the host's storage, and the version of its form. */
export const storageKey = (key: string) => `foyer:2:${key}`;

/** What an `error` event of the page's side says; the server's own codes come beside them. */
export type ErrorCode =
  | "command"
  | "frame"
  | "identity.ignored"
  | "key"
  | "network"
  | "option.ignored"
  | "removed"
  | "trusted_types";

/** `window.Foyer`. */
export interface Api {
  (command: string, ...values: unknown[]): unknown;
  /** Calls made before the loader arrived. */
  q?: [string, ...unknown[]][];
  /** Where the guest script says that it is there; also marks the loader as loaded. */
  onGuest?: GuestCallback;
  /** Makes the bubble of messages that come while the chat is closed, once its script was fetched. */
  createBubble?: (root: ShadowRoot, read: () => void) => Bubble;
}
declare global {
  interface Window {
    Foyer?: Api;
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    };
  }
}

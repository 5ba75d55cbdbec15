/** What is remembered on the host's origin: first-party storage, or memory if it is refused. */

import { type Look, slot } from "../shared/shell.ts";

export interface Remembered {
  /** Whoever has it is this visitor. */
  secret?: string;
  /** A mark of the identity that the visitor was booted with, not the identity itself. */
  who?: string;
  /** Something waits in the chat's outbox. */
  unsent?: boolean;
  /** So that the launcher is drawn right before the session's answer. */
  look?: Look;
}

const fallback: Record<string, string> = {};

export function recall(key: string): Remembered {
  try {
    return JSON.parse(localStorage.getItem(slot(key)) ?? fallback[key] ?? "{}");
  } catch {
    return JSON.parse(fallback[key] ?? "{}");
  }
}

export function remember(key: string, what: Remembered): void {
  fallback[key] = JSON.stringify(what);
  try {
    localStorage.setItem(slot(key), fallback[key]);
  } catch {
    // Storage is refused or full: the visitor lasts as long as the page.
  }
}

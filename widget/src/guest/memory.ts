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

/** What other scripts of the host made of it counts only where it has the right form. */
export function recall(key: string): Remembered {
  let kept: string | undefined;
  try {
    kept = localStorage.getItem(slot(key)) ?? undefined;
  } catch {
    // Storage is refused.
  }
  try {
    const known = Object(JSON.parse(kept ?? fallback[key] ?? "{}"));
    if (typeof known.secret !== "string") delete known.secret;
    return known;
  } catch {
    return {};
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

/** Forgets everything but the look. */
export function forget(key: string): void {
  const { look } = recall(key);
  remember(key, look ? { look } : {});
}

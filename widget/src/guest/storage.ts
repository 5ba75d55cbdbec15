/** What is remembered on the host's origin: first-party storage, or memory if it is refused. */

import { type Look, storageKey } from "../shared/shell.ts";

export interface StoredVisitor {
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
export function loadVisitor(key: string): StoredVisitor {
  let text: string | undefined;
  try {
    text = localStorage.getItem(storageKey(key)) ?? undefined;
  } catch {
    // Storage is refused.
  }
  try {
    const visitor = Object(JSON.parse(text ?? fallback[key] ?? "{}"));
    if (typeof visitor.secret !== "string") delete visitor.secret;
    return visitor;
  } catch {
    return {};
  }
}

export function saveVisitor(key: string, visitor: StoredVisitor): void {
  fallback[key] = JSON.stringify(visitor);
  try {
    localStorage.setItem(storageKey(key), fallback[key]);
  } catch {
    // Storage is refused or full: the visitor lasts as long as the page.
  }
}

/** Forgets everything but the look. */
export function clearVisitor(key: string): void {
  const { look } = loadVisitor(key);
  saveVisitor(key, look ? { look } : {});
}

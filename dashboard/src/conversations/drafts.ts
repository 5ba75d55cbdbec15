/**
 * Unsent text by conversation, kept in this browser until it is sent or cleared. Each person's own:
 * who signs in here after somebody else finds nothing of theirs, and they find theirs again.
 */

import { effect, signal } from "@preact/signals";
import { session } from "../core/session";

type Drafts = Readonly<Record<string, string>>;

const MAX_DRAFTS = 100;

const drafts = signal<Drafts>({});
let storageKey = "";

effect(() => {
  const key = `foyer.drafts.${session.value?.user.id ?? ""}`;
  if (key === storageKey) return;
  storageKey = key;
  drafts.value = loadDrafts();
});

export function draftOf(conversationId: string): string {
  return drafts.value[conversationId] ?? "";
}

export function setDraft(conversationId: string, text: string): void {
  const { [conversationId]: _, ...others } = drafts.value;
  drafts.value = text ? { ...others, [conversationId]: text } : others;
  try {
    const newest = Object.entries(drafts.value).slice(-MAX_DRAFTS);
    localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // without storage a draft lives as long as the page
  }
}

function loadDrafts(): Drafts {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    const entries = stored && typeof stored === "object" ? Object.entries(stored) : [];
    return Object.fromEntries(entries.filter(([, text]) => typeof text === "string"));
  } catch {
    return {};
  }
}

addEventListener("storage", (event) => {
  if (event.key === storageKey) drafts.value = loadDrafts();
});

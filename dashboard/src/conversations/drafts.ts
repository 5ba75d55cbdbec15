/**
 * Unsent text by conversation, kept in this browser until it is sent or cleared. Each person's own:
 * who signs in here after somebody else finds nothing of theirs, and they find theirs again.
 */

import { effect, signal } from "@preact/signals";
import { session } from "../core/session";

type Drafts = Readonly<Record<string, string>>;

const KEPT = 100;

const drafts = signal<Drafts>({});
let own = "";

effect(() => {
  const key = `foyer.drafts.${session.value?.user.id ?? ""}`;
  if (key === own) return;
  own = key;
  drafts.value = load();
});

export function draftOf(conversationId: string): string {
  return drafts.value[conversationId] ?? "";
}

export function setDraft(conversationId: string, text: string): void {
  const { [conversationId]: _, ...others } = drafts.value;
  drafts.value = text ? { ...others, [conversationId]: text } : others;
  try {
    const newest = Object.entries(drafts.value).slice(-KEPT);
    localStorage.setItem(own, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // without storage a draft lives as long as the page
  }
}

function load(): Drafts {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(own) ?? "{}");
    const entries = kept && typeof kept === "object" ? Object.entries(kept) : [];
    return Object.fromEntries(entries.filter(([, text]) => typeof text === "string"));
  } catch {
    return {};
  }
}

addEventListener("storage", (event) => {
  if (event.key === own) drafts.value = load();
});

/** Unsent text by conversation, kept in this browser until it is sent or cleared. */

import { signal } from "@preact/signals";

const KEY = "foyer.drafts";
const KEPT = 100;

const drafts = signal<Readonly<Record<string, string>>>(load());

export function draftOf(conversationId: string): string {
  return drafts.value[conversationId] ?? "";
}

export function setDraft(conversationId: string, text: string): void {
  const { [conversationId]: _, ...others } = drafts.value;
  drafts.value = text ? { ...others, [conversationId]: text } : others;
  try {
    const newest = Object.entries(drafts.value).slice(-KEPT);
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // without storage a draft lives as long as the page
  }
}

function load(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const entries = kept && typeof kept === "object" ? Object.entries(kept) : [];
    return Object.fromEntries(entries.filter(([, text]) => typeof text === "string"));
  } catch {
    return {};
  }
}

addEventListener("storage", (event) => {
  if (event.key === KEY) drafts.value = load();
});

/**
 * What a visitor has begun to write, by conversation ("" is one that hasn't begun).
 *
 * One visitor's at a time, in the storage that the frame has on this site: another visitor's are
 * removed unread. Where storage is refused or full a draft lasts as long as the page.
 */

type Drafts = Record<string, string>;

const SLOT = "foyer:drafts";

/** The owner's drafts. */
export function draftsOf(owner: string): Drafts {
  try {
    const kept = JSON.parse(localStorage.getItem(SLOT) as string);
    if (kept.owner === owner) return kept.drafts;
    localStorage.removeItem(SLOT);
  } catch {}
  return {};
}

/** Keeps a draft beside what other tabs have kept meanwhile; an empty one is none. */
export function keepDraft(owner: string, id: string, text: string): void {
  const drafts = { ...draftsOf(owner), [id]: text || undefined };
  try {
    localStorage.setItem(SLOT, JSON.stringify({ owner, drafts }));
  } catch {}
}

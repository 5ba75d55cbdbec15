/**
 * What a visitor has begun to write, by conversation ("" is one that hasn't begun).
 *
 * One visitor's at a time, in the storage that the frame has on this site: another visitor's are
 * removed unread. Where storage is refused or full a draft lasts as long as the page.
 */

type Drafts = Record<string, string>;

const KEY = "foyer:drafts";

/** The owner's drafts. */
export function loadDrafts(owner: string): Drafts {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) as string);
    if (stored.owner === owner) return stored.drafts;
    localStorage.removeItem(KEY);
  } catch {}
  return {};
}

/** Keeps a draft beside what other tabs have kept meanwhile; an empty one is none. */
export function saveDraft(owner: string, id: string, text: string): void {
  const drafts = { ...loadDrafts(owner), [id]: text || undefined };
  try {
    localStorage.setItem(KEY, JSON.stringify({ owner, drafts }));
  } catch {}
}

/** What frames do to the contacts that are known, and which of them a list has in which order. */

import type { Contact, OperatorEvent } from "@foyer/protocol";
import type { Change, Listing } from "../core/rows";

/** Everybody, the latest first; what is searched for only the server finds. */
export function listingOf(query: string): Listing<Contact> {
  return query
    ? { key: query }
    : { key: "", rule: { matches: () => true, compare: compareNewest } };
}

function compareNewest(a: Contact, b: Contact): number {
  return a.created_at === b.created_at
    ? compareText(b.id, a.id)
    : compareText(b.created_at, a.created_at);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function fold(
  frame: OperatorEvent,
  known: Readonly<Record<string, Contact>>,
): Change<Contact>[] {
  if (frame.type === "contact.created") return [{ put: frame.data.contact }];
  const isKnown = frame.type === "contact.updated" && frame.data.contact.id in known;
  return isKnown ? [{ put: frame.data.contact }] : [];
}

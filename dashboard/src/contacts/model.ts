/** A list of contacts as a pure fold over its pages and frames. */

import type { Contact, OperatorEvent, Page } from "@foyer/protocol";

export interface Contacts {
  readonly rows: readonly Contact[];
  /** For the next page; null at the end, undefined before the first. */
  readonly cursor: string | null | undefined;
}

export const EMPTY: Contacts = { rows: [], cursor: undefined };

/** The list after its next page; a contact that moved between pages stays where it was first. */
export function merge(contacts: Contacts, page: Page<Contact>): Contacts {
  const known = new Set(contacts.rows.map((one) => one.id));
  return {
    rows: [...contacts.rows, ...page.data.filter((one) => !known.has(one.id))],
    cursor: page.next_cursor,
  };
}

/** The list after a frame. New contacts are put in front only where nothing is searched for. */
export function fold(contacts: Contacts, frame: OperatorEvent, takesNew: boolean): Contacts {
  if (frame.type !== "contact.created" && frame.type !== "contact.updated") return contacts;
  const { contact } = frame.data;
  const known = contacts.rows.find((one) => one.id === contact.id);
  if (known) {
    if (known.version > contact.version) return contacts;
    return { ...contacts, rows: contacts.rows.map((one) => (one === known ? contact : one)) };
  }
  const isNew = frame.type === "contact.created" && takesNew && contacts.cursor !== undefined;
  return isNew ? { ...contacts, rows: [contact, ...contacts.rows] } : contacts;
}

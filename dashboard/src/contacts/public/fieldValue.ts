/** What is known of a contact, and from whom. */

import type { Contact, Provenance } from "@foyer/protocol";

export type ContactField = "email" | "phone" | "external_id";

export interface FieldValue {
  value: string;
  from: Provenance;
}

/** A contact's own value of a field, else what its page said; null when nobody said anything. */
export function findFieldValue(contact: Contact, field: ContactField): FieldValue | null {
  const own = contact[field];
  if (own) return { value: own, from: contact.provenance[field] ?? "operator" };
  const claim = contact.claimed[field];
  return typeof claim === "string" ? { value: claim, from: "claimed" } : null;
}

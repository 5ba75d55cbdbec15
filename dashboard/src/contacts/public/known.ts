/** What is known of a contact, and from whom. */

import type { Contact, Provenance } from "@foyer/protocol";

export type Reachable = "email" | "phone" | "external_id";

export interface Known {
  value: string;
  from: Provenance;
}

/** A contact's own value of a field, else what its page said; null when nobody said anything. */
export function knownOf(contact: Contact, field: Reachable): Known | null {
  const own = contact[field];
  if (own) return { value: own, from: contact.provenance[field] ?? "operator" };
  const said = contact.claimed[field];
  return typeof said === "string" ? { value: said, from: "claimed" } : null;
}

import type { Visitor } from "@foyer/protocol";
import { displayName } from "../contacts/public/displayName";

/** What to call a visitor: a name, an address, or a short mark of its own. */
export function visitorName({ id, contact_id, name, email }: Visitor): string {
  return displayName({ id: contact_id ?? id, name: name || email || "" });
}

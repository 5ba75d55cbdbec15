import type { Visitor } from "@foyer/protocol";
import { m } from "./messages";

/** What to call a visitor: a name, an address, or a short mark of its own. */
export function visitorName(visitor: Visitor): string {
  return visitor.name || visitor.email || m.anonymous({ mark: visitor.id.slice(-4) });
}

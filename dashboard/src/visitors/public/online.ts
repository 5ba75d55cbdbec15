/** Where somebody is on the site now. */

import type { Visitor } from "@foyer/protocol";
import { useEffect } from "preact/hooks";
import { present } from "../model";
import { known, secondNow, watchVisitors } from "../store";

export { pathOf } from "../model";
export { secondNow } from "../store";

/** The browsers in which a contact is online, kept true while the component is there. */
export function useOnline(contactId: string): readonly Visitor[] {
  useEffect(() => watchVisitors(), []);
  const everybody = present(known.value.rows, "all", secondNow.value);
  return everybody.filter((one) => one.contact_id === contactId);
}

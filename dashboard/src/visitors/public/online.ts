/** Where somebody is on the site now. */

import type { Visitor } from "@foyer/protocol";
import { useEffect } from "preact/hooks";
import { listPresent } from "../model";
import { secondNow, visitorList, watchVisitors } from "../store";

export { pathOf } from "../model";
export { secondNow } from "../store";

/** The browsers in which a contact is online, kept true while the component is there. */
export function useOnline(contactId: string): readonly Visitor[] {
  useEffect(() => watchVisitors(), []);
  const everybody = listPresent(visitorList.value.rows, "all", secondNow.value);
  return everybody.filter((one) => one.contact_id === contactId);
}

/** The operator's own record: read again at start, changed from menus and settings. */

import type { Me, OperatorStatus, User } from "@foyer/protocol";
import { common } from "../core/messages";
import { toast } from "../ui/Toast";
import { explain } from "./problems";
import { http, me, updateSession, updateUser } from "./session";

export async function refreshMe(): Promise<void> {
  const answer = await http.get<Me>("/v1/me").catch(() => null);
  if (answer) updateSession(answer);
}

/** Change fields of one's own record, shown at once. Raises Problem, after putting them back. */
export async function changeMe(change: Partial<User>): Promise<void> {
  const before = me.value;
  updateUser(change);
  try {
    const answer = await http.patch<Me>("/v1/me", change);
    if (answer?.user) updateSession(answer);
  } catch (error) {
    if (before) updateUser(before);
    throw error;
  }
}

export function setStatus(status: OperatorStatus): void {
  changeMe({ status }).catch((error) => {
    toast({
      text: common.failed({
        what: status === "online" ? common.online : common.away,
        why: explain(error),
      }),
      tone: "danger",
    });
  });
}

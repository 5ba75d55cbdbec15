import { BadgeCheck, CircleDashed } from "lucide";
import { m } from "../../core/messages.en";
import { Badge } from "../../ui/Badge";

/** Whether a contact's identity was proved or merely typed in. */
export function Verified({ verified }: { verified: boolean }) {
  return verified ? (
    <Badge tone="success" icon={BadgeCheck} tip={m.conversations.verified}>
      {m.contacts.verified}
    </Badge>
  ) : (
    <Badge icon={CircleDashed} tip={m.conversations.claimed}>
      {m.contacts.claimed}
    </Badge>
  );
}

import { BadgeCheck, CircleDashed } from "lucide";
import { Badge } from "../../ui/Badge";
import { m } from "./messages";

/** Whether a contact's identity was proved or merely typed in. */
export function VerifiedBadge({ verified }: { verified: boolean }) {
  return verified ? (
    <Badge tone="success" icon={BadgeCheck} tip={m.verifiedTip}>
      {m.verified}
    </Badge>
  ) : (
    <Badge icon={CircleDashed} tip={m.claimedTip}>
      {m.claimed}
    </Badge>
  );
}

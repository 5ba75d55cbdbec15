import { Ban } from "lucide";
import { Badge } from "../../ui/Badge";
import { m } from "./messages";

/** Whoever is blocked writes to nobody. */
export function BlockedBadge() {
  return (
    <Badge tone="danger" icon={Ban} tip={m.blockedTip}>
      {m.blocked}
    </Badge>
  );
}

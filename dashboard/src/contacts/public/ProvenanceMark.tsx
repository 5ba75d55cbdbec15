import type { Provenance } from "@foyer/protocol";
import { BadgeCheck, CircleDashed, type IconNode, PencilLine, Upload } from "lucide";
import { Icon } from "../../ui/Icon";
import { m } from "./messages";
import "./from.css";

const ICONS: Record<Provenance, IconNode> = {
  verified: BadgeCheck,
  claimed: CircleDashed,
  operator: PencilLine,
  import: Upload,
};

interface ProvenanceMarkProps {
  who: Provenance | undefined;
  /** Where there is room: nobody hovers with a finger or the keyboard. */
  inWords?: boolean;
}

/** A small mark beside a field: from whom its value is. */
export function ProvenanceMark({ who, inWords }: ProvenanceMarkProps) {
  if (!who) return null;
  const text = m.from[who];
  return (
    <span class={`from from-${who}`} role="img" aria-label={text} data-tip={text}>
      <Icon of={ICONS[who]} size={13} />
      {inWords && m.fromShort[who]}
    </span>
  );
}

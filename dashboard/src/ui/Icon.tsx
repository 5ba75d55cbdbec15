import {
  ArrowLeft,
  ChevronRight,
  CornerUpLeft,
  ExternalLink,
  type IconNode,
  LogOut,
  PanelRight,
  SendHorizontal,
  Undo2,
} from "lucide";
import { h } from "preact";
import { classes } from "./classes";

/** Icons that point onwards or back: they turn where one reads from right to left. */
const DIRECTIONAL = new Set<IconNode>([
  ArrowLeft,
  ChevronRight,
  CornerUpLeft,
  ExternalLink,
  LogOut,
  PanelRight,
  SendHorizontal,
  Undo2,
]);

interface IconProps {
  /** A lucide icon, imported by name so that only the used ones are shipped. */
  of: IconNode;
  /** Edge length in CSS pixels. */
  size?: number;
  /** Set where the icon stands alone and says something; otherwise it is hidden from readers. */
  label?: string | undefined;
  class?: string;
}

/** A lucide icon as inline SVG, 1.75 strokes wide, in the colour of the text around it. */
export function Icon({ of, size = 16, label, class: className }: IconProps) {
  const labelAttributes = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return h(
    "svg",
    {
      class: classes("icon", DIRECTIONAL.has(of) && "is-pointing", className),
      width: size,
      height: size,
      viewBox: "0 0 24 24",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.75,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      ...labelAttributes,
    },
    of.map(([tag, attributes]) => h(tag, attributes)),
  );
}

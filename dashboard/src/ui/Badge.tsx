import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./Icon";

interface BadgeProps {
  children: ComponentChildren;
  tone?: "plain" | "accent" | "success" | "warning" | "danger";
  icon?: IconNode | undefined;
  tip?: string | undefined;
}

/** A small fact on a soft ground; its words carry the meaning, its colour only repeats it. */
export function Badge({ children, tone = "plain", icon, tip }: BadgeProps) {
  return (
    <span class={`badge badge-${tone}`} data-tip={tip}>
      {icon && <Icon of={icon} size={12} />}
      <span class="badge-text">{children}</span>
    </span>
  );
}

interface CountProps {
  value: number;
  label: string;
}

/** A number that waits for somebody; nothing at zero. */
export function Count({ value, label }: CountProps) {
  if (value <= 0) return null;
  return (
    <span class="count" role="img" aria-label={label}>
      {value > 999 ? "999+" : value}
    </span>
  );
}

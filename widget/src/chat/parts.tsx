/** Small things that several screens are made of. */

import { type ComponentChildren, h } from "preact";
import { type TextKey, t } from "./i18n.ts";
import type { Model } from "./model.ts";

/** As a `ref`: takes the focus to a screen that has just come. One function, so just once. */
export const focus = (element: HTMLElement | null) => element?.focus();

const ICONS = {
  back: "m15 5-7 7 7 7",
  close: "M6 6l12 12M18 6 6 18",
  send: "M12 19V5m-6 6 6-6 6 6",
  next: "m9 5 7 7-7 7",
  emoji: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.01M15 9.5v.01",
  down: "M12 5v14m6-6-6 6-6-6",
  ticks: "m2 13 4 4L15 7m-3 9 1 1L22 7",
  tick: "m5 13 4 4L19 7",
  clock: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
};

export function Icon({ name }: { name: keyof typeof ICONS }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class={`icon ${name}`}>
      <path d={ICONS[name]} />
    </svg>
  );
}

interface IconButtonProps {
  /** The icon, and the word for it. */
  name: keyof typeof ICONS & TextKey;
  onClick: () => void;
  expanded?: boolean;
}

export function IconButton({ name, onClick, expanded }: IconButtonProps) {
  return (
    <button
      type="button"
      class="round"
      aria-label={t(name)}
      aria-expanded={expanded}
      onClick={onClick}
    >
      <Icon name={name} />
    </button>
  );
}

/** The strip on top of a screen: the way back, unless there is none, and the way out. */
export function Bar(props: { model: Model; first?: boolean; children: ComponentChildren }) {
  const { model, first, children } = props;
  return (
    <header class="bar">
      {!first && <IconButton name="back" onClick={() => model.navigate({ name: "home" })} />}
      {children}
      <IconButton name="close" onClick={model.close} />
    </header>
  );
}

/** A person's initials on a ground of their own. */
export function Avatar({ name }: { name: string }) {
  const [first, ...others] = name.match(/(?<!\S)\S/gu) ?? [];
  const hue = [...name].reduce((sum, char) => sum + char.charCodeAt(0) * 37, 0);
  return (
    <span class="face" aria-hidden="true" style={{ "--hue": hue }}>
      {first}
      {others.at(-1)}
    </span>
  );
}

export function Avatars({ team }: { team: { name: string }[] }) {
  return (
    <span class="faces">
      {team.map(({ name }) => (
        <Avatar key={name} name={name} />
      ))}
    </span>
  );
}

/** Text that only a screen reader gets. */
export function VisuallyHidden({ children }: { children: string }) {
  return <span class="aside">{children}</span>;
}

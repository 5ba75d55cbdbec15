import { classes } from "./classes";

interface AvatarProps {
  name: string;
  /** Decides the hue, so that a person keeps their colour when renamed. */
  id?: string | undefined;
  size?: "tiny" | "small" | "medium" | "large";
  /** A dot in the corner; the caller says the same in words nearby or in `presenceLabel`. */
  presence?: "online" | "away" | undefined;
  presenceLabel?: string;
}

const HUES = 8;

/**
 * A person as initials on one of a few calm grounds. Decoration beside the name itself, so the
 * letters are drawn by the style sheet and are no text to anybody.
 */
export function Avatar({ name, id, size = "medium", presence, presenceLabel }: AvatarProps) {
  return (
    <span class={classes("avatar", `avatar-${size}`, `avatar-hue-${hueOf(id ?? name)}`)}>
      <span class="avatar-initials" data-initials={initials(name)} />
      {presence && (
        <span
          class={`presence presence-${presence}`}
          role="img"
          aria-label={presenceLabel ?? presence}
        />
      )}
    </span>
  );
}

/** Up to two initials, by whole characters, so that emoji and non-Latin names stay intact. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  if (!first) return "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return (firstCharacter(first) + (last ? firstCharacter(last) : "")).toUpperCase();
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function firstCharacter(word: string): string {
  for (const { segment } of characters.segment(word)) return segment;
  return "";
}

function hueOf(key: string): number {
  let sum = 0;
  for (const unit of key) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}

import { signal } from "@preact/signals";

/** What the keys are called that have words on them; on a Mac they have signs. */
export const keyNames = signal({ control: "Ctrl", shift: "Shift" });

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const SIGNS: Record<string, string> = { Enter: "↵", enter: "↵", Escape: "Esc" };
const MAC_SIGNS: Record<string, string> = { ...SIGNS, Mod: "⌘", Shift: "⇧", Alt: "⌥" };

function keyName(key: string): string {
  const { control, shift } = keyNames.value;
  const names = MAC ? MAC_SIGNS : { ...SIGNS, Mod: control, Shift: shift };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** Keys as caps: `"Mod-k"` is one chord, `"g c"` is two strokes after each other. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span class="kbd-row">
      {keys.split(" ").map((chord) => (
        <kbd key={chord} class="kbd">
          {chord
            .split("-")
            .map(keyName)
            .join(MAC ? "" : " ")}
        </kbd>
      ))}
    </span>
  );
}

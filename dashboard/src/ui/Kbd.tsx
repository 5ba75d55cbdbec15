const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const NAMES: Record<string, string> = MAC
  ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵", enter: "↵", Escape: "Esc" }
  : { Mod: "Ctrl", Enter: "↵", enter: "↵", Escape: "Esc" };

/** Keys as caps: `"Mod-k"` is one chord, `"g c"` is two strokes after each other. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span class="kbd-row">
      {keys.split(" ").map((chord) => (
        <kbd key={chord} class="kbd">
          {chord
            .split("-")
            .map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
            .join(MAC ? "" : " ")}
        </kbd>
      ))}
    </span>
  );
}

/** Choices that belong to this browser, each a signal that is remembered. */

import type { Theme } from "@foyer/protocol";
import { effect, type Signal, signal } from "@preact/signals";

function remembered<T>(name: string, fallback: T, fits: (value: unknown) => boolean): Signal<T> {
  const key = `foyer.pref.${name}`;
  const kept = signal<T>(fallback);
  const read = () => {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
      kept.value = fits(value) ? (value as T) : fallback;
    } catch {
      kept.value = fallback;
    }
  };
  read();
  effect(() => {
    const text = JSON.stringify(kept.value);
    try {
      if (
        localStorage.getItem(key) !== text &&
        (localStorage.getItem(key) || kept.value !== fallback)
      )
        localStorage.setItem(key, text);
    } catch {
      // not remembered where storage is forbidden
    }
  });
  addEventListener("storage", (event) => {
    if (event.key === key) read();
  });
  return kept;
}

const isBoolean = (value: unknown) => typeof value === "boolean";
const within = (low: number, high: number) => (value: unknown) =>
  typeof value === "number" && value >= low && value <= high;

export const theme = remembered<Theme>("theme", "auto", (value) =>
  ["auto", "light", "dark"].includes(value as string),
);
/** Seconds during which a sent reply can be taken back; 0 sends at once. */
export const undoSendSeconds = remembered<number>("undo-send", 5, within(0, 10));
export const enterSends = remembered<boolean>("enter-sends", true, isBoolean);
/** Single-key shortcuts can be turned off (WCAG 2.1.4). */
export const singleKeys = remembered<boolean>("single-keys", true, isBoolean);
export const sound = remembered<boolean>("sound", true, isBoolean);
export const notifications = remembered<boolean>("notifications", false, isBoolean);

/** Widths of panes in CSS pixels. */
export const PANE = 320;
export const listWidth = remembered<number>("list-width", PANE, within(240, 520));
export const detailsWidth = remembered<number>("details-width", PANE, within(240, 480));
export const detailsOpen = remembered<boolean>("details-open", true, isBoolean);
export const checklistDone = remembered<string[]>("checklist", [], Array.isArray);

effect(() => {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});

/** Choices that belong to this browser, each a signal that is remembered. */

import type { Theme } from "@foyer/protocol";
import { effect, type Signal, signal } from "@preact/signals";

function persistentSignal<T>(
  name: string,
  fallback: T,
  isValid: (value: unknown) => boolean,
): Signal<T> {
  const key = `foyer.pref.${name}`;
  const preference = signal<T>(fallback);
  const readStored = () => {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
      preference.value = isValid(value) ? (value as T) : fallback;
    } catch {
      preference.value = fallback;
    }
  };
  readStored();
  effect(() => {
    const text = JSON.stringify(preference.value);
    try {
      if (
        localStorage.getItem(key) !== text &&
        (localStorage.getItem(key) || preference.value !== fallback)
      )
        localStorage.setItem(key, text);
    } catch {
      // not remembered where storage is forbidden
    }
  });
  addEventListener("storage", (event) => {
    if (event.key === key) readStored();
  });
  return preference;
}

const isBoolean = (value: unknown) => typeof value === "boolean";
const isBetween = (low: number, high: number) => (value: unknown) =>
  typeof value === "number" && value >= low && value <= high;

export const theme = persistentSignal<Theme>("theme", "auto", (value) =>
  ["auto", "light", "dark"].includes(value as string),
);
/** Seconds during which a sent reply can be taken back; 0 sends at once. */
export const undoSendSeconds = persistentSignal<number>("undo-send", 5, isBetween(0, 10));
export const enterSends = persistentSignal<boolean>("enter-sends", true, isBoolean);
/** Single-key shortcuts can be turned off (WCAG 2.1.4). */
export const singleKeys = persistentSignal<boolean>("single-keys", true, isBoolean);
export const sound = persistentSignal<boolean>("sound", true, isBoolean);
export const notifications = persistentSignal<boolean>("notifications", false, isBoolean);

/** Widths of panes in CSS pixels. */
export const PANE = 320;
export const listWidth = persistentSignal<number>("list-width", PANE, isBetween(240, 520));
export const detailsWidth = persistentSignal<number>("details-width", PANE, isBetween(240, 480));
export const detailsOpen = persistentSignal<boolean>("details-open", true, isBoolean);
export const checklistDone = persistentSignal<string[]>("checklist", [], Array.isArray);

effect(() => {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});

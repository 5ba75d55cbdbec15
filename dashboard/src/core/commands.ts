/**
 * Everything that can be done by key or from the command palette, registered by whoever can do it.
 * The help overlay and the palette draw this registry; nothing lists shortcuts by hand.
 */

import { isComposing } from "@foyer/protocol/keys";
import { computed, signal } from "@preact/signals";
import type { IconNode } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { language } from "./messages";
import { singleKeys } from "./prefs";

export interface Command {
  id: string;
  label: string;
  group: string;
  icon?: IconNode;
  /** `"e"`, `"Mod-k"`, or two strokes: `"g c"`. */
  keys?: string;
  /** More words by which the palette finds it. */
  keywords?: string;
  /** Left out of the palette: moving about is quicker by the key itself. */
  keyOnly?: boolean;
  /** Whether it makes sense right now; always when left out. */
  when?: () => boolean;
  run: () => void;
}

/** The latest first: a page's own stand before those that are everywhere, and win over them. */
const registry = signal<readonly Command[]>([]);
export const commands = computed(() => registry.value);

/** The next stroke of a sequence must follow within this time, in milliseconds. */
const SEQUENCE_MS = 1200;

/** Offer commands for as long as the component is there; `run` and `when` may see fresh props. */
export function useCommands(list: readonly Command[]): void {
  const latest = useRef(list);
  latest.current = list;
  useEffect(() => {
    const current = (id: string) => latest.current.find((command) => command.id === id);
    const live = list.map((command) => ({
      ...command,
      run: () => current(command.id)?.run(),
      when: () => {
        const now = current(command.id);
        return now !== undefined && (now.when?.() ?? true);
      },
    }));
    registry.value = [...live, ...registry.value];
    return () => {
      registry.value = registry.value.filter((command) => !live.includes(command as never));
    };
    // What they are called is another thing in another language.
  }, [language.value]);
}

export function runCommand(id: string): void {
  const command = registry.value.find((one) => one.id === id && (one.when?.() ?? true));
  command?.run();
}

/** The stroke as it is written in `keys`: `"j"`, `"?"`, `"Mod-k"`, `"Escape"`. */
export function keyStroke(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey;
  const key = latinKey(event);
  return mod ? `Mod-${event.shiftKey ? "Shift-" : ""}${key.toLowerCase()}` : key;
}

/** The letter by its place on the board where the layout writes another alphabet. */
function latinKey({ key, code }: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/u.exec(code)?.[1];
  return letter && /[^\p{ASCII}]/u.test(key) ? letter.toLowerCase() : key;
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"))
  );
}

/** What lies behind a modal dialogue isn't reached by keys, even while nothing has the focus. */
function isModalOpen(): boolean {
  return document.querySelector("dialog:modal") !== null;
}

/** Listen for keys on the whole page. Answers how to stop. */
export function startShortcuts(): () => void {
  let first = "";
  let firstAt = 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event) || event.altKey || isModalOpen()) return;
    const stroke = keyStroke(event);
    const plain = !stroke.startsWith("Mod-");
    if (plain && (isWriting(event.target) || !singleKeys.value)) return;
    const sequence = first && event.timeStamp - firstAt < SEQUENCE_MS ? `${first} ${stroke}` : "";
    const command = findCommand(sequence) ?? findCommand(stroke);
    first = "";
    if (command) {
      event.preventDefault();
      command.run();
    } else if (plain && registry.value.some((one) => one.keys?.startsWith(`${stroke} `))) {
      first = stroke;
      firstAt = event.timeStamp;
    }
  };
  addEventListener("keydown", onKeyDown);
  return () => removeEventListener("keydown", onKeyDown);
}

function findCommand(keys: string): Command | undefined {
  if (!keys) return undefined;
  return registry.value.find((one) => one.keys === keys && (one.when?.() ?? true));
}

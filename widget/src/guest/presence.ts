/** Where the visitor is and whether they are there. */

import type { PresenceState } from "@foyer/protocol";
import { truncate } from "@foyer/protocol/text";

const IDLE_AFTER = 5 * 60_000;
const INPUTS = ["pointermove", "keydown", "scroll"];

let lastInput = Date.now();

/** The limits are the API's: longer addresses and titles would be refused. */
export const toText = (value: unknown, limit: number) =>
  truncate(typeof value === "string" ? value : "", limit);

/** `document.title` is an element where the page has one of that name. */
export function presence(): PresenceState {
  const seen = !document.hidden && Date.now() - lastInput < IDLE_AFTER;
  return {
    page: { url: toText(location.href, 2000), title: toText(document.title, 300) },
    state: seen ? "active" : "idle",
  };
}

/**
 * Calls `onChange` when the page or the visitor's state has changed; answers how to stop.
 *
 * Looks once a second instead of patching the host's `history`: it costs one comparison, sees
 * titles that are set after the address, and leaves the host's objects alone. A title that changes
 * later is a blinking one, and each telling costs a write.
 */
export function watchPresence(onChange: () => void): () => void {
  let last = presence();
  let looksForTitle = 0;
  const check = () => {
    const now = presence();
    const hasMoved = now.page.url !== last.page.url;
    if (hasMoved) looksForTitle = 3;
    const hasNewTitle = looksForTitle-- > 0 && now.page.title !== last.page.title;
    if (!hasMoved && !hasNewTitle && now.state === last.state) return;
    last = now;
    onChange();
  };
  const onInput = () => {
    lastInput = Date.now();
  };
  const timer = setInterval(check, 1000);
  for (const input of INPUTS) addEventListener(input, onInput, { passive: true, capture: true });
  return () => {
    clearInterval(timer);
    for (const input of INPUTS) removeEventListener(input, onInput, true);
  };
}

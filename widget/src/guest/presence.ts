/** Where the visitor is and whether they are there. */

import type { PresenceState } from "@foyer/protocol";
import { truncate } from "@foyer/protocol/text";

const IDLE_AFTER = 5 * 60_000;
const INPUTS = ["pointermove", "keydown", "scroll"];

let lastInput = Date.now();

/** The limits are the API's: longer addresses and titles would be refused. */
export const text = (said: unknown, limit: number) =>
  truncate(typeof said === "string" ? said : "", limit);

/** `document.title` is an element where the page has one of that name. */
export function presence(): PresenceState {
  const seen = !document.hidden && Date.now() - lastInput < IDLE_AFTER;
  return {
    page: { url: text(location.href, 2000), title: text(document.title, 300) },
    state: seen ? "active" : "idle",
  };
}

/**
 * Calls `tell` when the page or the visitor's state has changed; answers how to stop.
 *
 * Looks once a second instead of patching the host's `history`: it costs one comparison, sees
 * titles that are set after the address, and leaves the host's objects alone. A title that changes
 * later is a blinking one, and each telling costs a write.
 */
export function watchPresence(tell: () => void): () => void {
  let told = presence();
  let looksForTitle = 0;
  const look = () => {
    const now = presence();
    const moved = now.page.url !== told.page.url;
    if (moved) looksForTitle = 3;
    const titled = looksForTitle-- > 0 && now.page.title !== told.page.title;
    if (!moved && !titled && now.state === told.state) return;
    told = now;
    tell();
  };
  const touched = () => {
    lastInput = Date.now();
  };
  const timer = setInterval(look, 1000);
  for (const input of INPUTS) addEventListener(input, touched, { passive: true, capture: true });
  return () => {
    clearInterval(timer);
    for (const input of INPUTS) removeEventListener(input, touched, true);
  };
}

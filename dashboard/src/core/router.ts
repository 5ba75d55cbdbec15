/** Where the page is, as a signal; every entity opens by URL and the browser's back works. */

import { computed, signal } from "@preact/signals";
import { ownPath, type Place, readPlace } from "./paths";

const current = signal<Place>(readPlace());
export const place = computed(() => current.value);

/** Go to a path of ours with its query; `replace` leaves no step to go back to. */
export function navigate(url: string, { replace = false } = {}): void {
  const target = ownPath(url);
  if (target === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", target);
  current.value = readPlace();
}

/** The same page with some of its query changed; null removes a key. */
export function hrefWithQuery(changes: Record<string, string | null>): string {
  const query = new URLSearchParams(current.value.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return current.value.path + (text ? `?${text}` : "");
}

/** Follow plain links of this origin without loading the page anew. Call once. */
export function startRouter(): void {
  addEventListener("popstate", () => {
    current.value = readPlace();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download"))
      return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

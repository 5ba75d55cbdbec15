/** Where the page is, as a signal; every entity opens by URL and the browser's back works. */

import { computed, signal } from "@preact/signals";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const read = (): Place => ({
  path: decodeURI(location.pathname).replace(/\/+$/u, "") || "/",
  query: new URLSearchParams(location.search),
});

const here = signal<Place>(read());
export const place = computed(() => here.value);

/** Go to a path with its query; `replace` leaves no step to go back to. */
export function navigate(url: string, { replace = false } = {}): void {
  if (url === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", url);
  here.value = read();
}

/** The same page with some of its query changed; null removes a key. */
export function withQuery(changes: Record<string, string | null>): string {
  const query = new URLSearchParams(here.value.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return here.value.path + (text ? `?${text}` : "");
}

/**
 * The parameters of `path` where it fits `pattern`, else null.
 * A pattern's `:name` stands for one segment and `:name?` for one that may be missing.
 */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (given.length > wanted.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index];
    if (!part.startsWith(":")) {
      if (part !== value) return null;
    } else if (value !== undefined) {
      found[part.slice(1).replace("?", "")] = value;
    } else if (!part.endsWith("?")) {
      return null;
    }
  }
  return found;
}

/** Follow plain links of this origin without loading the page anew. Call once. */
export function startRouter(): void {
  addEventListener("popstate", () => {
    here.value = read();
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

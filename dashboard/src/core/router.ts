/** Where the page is, as a signal; every entity opens by URL and the browser's back works. */

import { computed, signal } from "@preact/signals";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const readPlace = (): Place => ({
  path: decodePath(location.pathname),
  query: new URLSearchParams(location.search),
});

/** A path as people read it; as it stands where it isn't proper percent-encoding. */
export function decodePath(pathname: string): string {
  let path = pathname;
  try {
    path = decodeURI(pathname);
  } catch {
    // Anybody can write `/%E0%A4%A` into a link: it is a page that isn't there, not a blank one.
  }
  return path.replace(/\/+$/u, "") || "/";
}

/** Longer addresses are nobody's: what doesn't fit isn't kept to come back to. */
const LONGEST_ADDRESS = 2000;

/**
 * `url` as a path of this dashboard with its query, whatever was made of it: `//evil.example` and
 * `/\evil.example` name another site to a browser, `javascript:` is none at all. "/" where
 * nothing of ours is left.
 */
export function ownPath(url: string): string {
  if (url.length > LONGEST_ADDRESS) return "/";
  const path = url.replace(/[\t\n\r]/gu, "");
  if (!path.startsWith("/")) return "/";
  return path.replace(/^[/\\]+/u, "/");
}

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
export function withQuery(changes: Record<string, string | null>): string {
  const query = new URLSearchParams(current.value.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return current.value.path + (text ? `?${text}` : "");
}

/**
 * The parameters of `path` where it fits `pattern`, else null.
 * A pattern's `:name` stands for one segment and `:name?` for one that may be missing.
 */
export function match(pattern: string, path: string): Record<string, string> | null {
  const patternParts = pattern.split("/").filter(Boolean);
  const pathParts = path.split("/").filter(Boolean);
  if (pathParts.length > patternParts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of patternParts.entries()) {
    const value = pathParts[index];
    if (!part.startsWith(":")) {
      if (part !== value) return null;
    } else if (value !== undefined) {
      params[part.slice(1).replace("?", "")] = value;
    } else if (!part.endsWith("?")) {
      return null;
    }
  }
  return params;
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

/** Reading addresses. The first file that runs does: no signals. */

/** Where a page is. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

/** Where this page is now. */
export function readPlace(): Place {
  return { path: decodePath(location.pathname), query: new URLSearchParams(location.search) };
}

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

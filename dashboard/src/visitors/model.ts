/** Who is on the site now, by frames and the moment: a row is gone when it expires. */

import type { OperatorEvent, Visitor } from "@foyer/protocol";
import type { Change, Listing } from "../core/rows";

export type VisitorFilter = "all" | "active" | "idle" | "in_chat" | "identified";

/** Everybody on the site, the latest arrivals first. */
export const PRESENT: Listing<Visitor> = {
  key: "now",
  rule: {
    matches: () => true,
    compare: (a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : a.id < b.id ? -1 : 1),
  },
};

export function fold(frame: OperatorEvent): Change<Visitor>[] {
  switch (frame.type) {
    case "visitor.online":
    case "visitor.moved":
      return [{ put: frame.data.visitor }];
    case "visitor.offline":
      return [{ remove: frame.data.id }];
    default:
      return [];
  }
}

/** Those of some who are present at `now` (ms). */
export function listPresent(
  visitors: readonly Visitor[],
  filter: VisitorFilter,
  now: number,
): readonly Visitor[] {
  return visitors.filter((one) => Date.parse(one.expires_at) > now && matchesFilter(one, filter));
}

function matchesFilter(visitor: Visitor, filter: VisitorFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "in_chat":
      return visitor.in_chat !== null;
    case "identified":
      return visitor.contact_id !== null || visitor.email !== null;
    default:
      return visitor.state === filter;
  }
}

/** The site that somebody came from. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The part of a page's address that tells pages of one site apart. */
export function pathOf(url: string): string {
  try {
    const { host, pathname, search } = new URL(url);
    return host + (pathname === "/" ? "" : pathname) + search;
  } catch {
    return url;
  }
}

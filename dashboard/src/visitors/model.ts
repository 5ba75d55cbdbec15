/** Who is on the site now, as a pure fold; a row is gone the moment it expires. */

import type { OperatorEvent, Visitor } from "@foyer/protocol";

export type VisitorFilter = "all" | "active" | "idle" | "in_chat" | "identified";
export type Visitors = Readonly<Record<string, Visitor>>;

/** The visitors after a fetched list, which is the whole truth at its time. */
export function fromList(list: readonly Visitor[]): Visitors {
  return Object.fromEntries(list.map((visitor) => [visitor.id, visitor]));
}

export function apply(visitors: Visitors, frame: OperatorEvent): Visitors {
  switch (frame.type) {
    case "visitor.online":
    case "visitor.moved": {
      const { visitor } = frame.data;
      const known = visitors[visitor.id];
      if (known && known.version > visitor.version) return visitors;
      return { ...visitors, [visitor.id]: visitor };
    }
    case "visitor.offline": {
      const { [frame.data.id]: gone, ...others } = visitors;
      return gone ? others : visitors;
    }
    default:
      return visitors;
  }
}

/** Those present at `now` (ms), newest arrivals first. */
export function present(visitors: Visitors, filter: VisitorFilter, now: number): Visitor[] {
  return Object.values(visitors)
    .filter((one) => Date.parse(one.expires_at) > now && fits(one, filter))
    .sort((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : a.id < b.id ? -1 : 1));
}

function fits(visitor: Visitor, filter: VisitorFilter): boolean {
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

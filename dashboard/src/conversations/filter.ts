/** Which conversations a list has, as an address says it and as the server is asked for them. */

import type { ConversationStatus } from "@foyer/protocol";
import type { Get } from "../core/module";

const PAGE = 60;

export type Sort = "last_activity" | "waiting" | "created";

export interface Filter {
  status: ConversationStatus | "all";
  /** `all`, `me`, `none`, or a user's id. */
  assignee: string;
  sort: Sort;
}

export const DEFAULT_FILTER: Filter = { status: "open", assignee: "all", sort: "last_activity" };

/** The filter that an address says; what is left out is the default. */
export function filterOf(query: URLSearchParams): Filter {
  return {
    status: parseChoice(
      query.get("status"),
      ["open", "snoozed", "closed", "all"],
      DEFAULT_FILTER.status,
    ),
    assignee: query.get("assignee") ?? DEFAULT_FILTER.assignee,
    sort: parseChoice<Sort>(
      query.get("sort"),
      ["last_activity", "waiting", "created"],
      DEFAULT_FILTER.sort,
    ),
  };
}

/** A page of a filter's list: the first one without a cursor. */
export function pageOf({ status, assignee, sort }: Filter, cursor: string | null): Get {
  const query = {
    status,
    assignee: assignee === "all" ? null : assignee,
    sort,
    limit: PAGE,
    cursor,
  };
  return { path: "/v1/conversations", query };
}

function parseChoice<T extends string>(
  value: string | null,
  allowed: readonly T[],
  fallback: T,
): T {
  return allowed.find((one) => one === value) ?? fallback;
}

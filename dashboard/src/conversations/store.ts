/** The known conversations as signals: fetched by page, kept true by frames. */

import type { Conversation } from "@foyer/protocol";
import { computed } from "@preact/signals";
import { collection } from "../core/collection";
import { subscribe } from "../core/live";
import { match, place } from "../core/router";
import { http, me } from "../core/session";
import {
  countUnreadConversations,
  DEFAULT_FILTER,
  type Filter,
  fold,
  listingOf,
  type Sort,
} from "./model";

const PAGE = 60;

const conversations = collection<Conversation, Filter>({
  fetchPage: (query, cursor) =>
    http.get("/v1/conversations", {
      status: query.status,
      assignee: query.assignee === "all" ? null : query.assignee,
      sort: query.sort,
      limit: PAGE,
      cursor,
    }),
  listing: (query) => listingOf(query, me.value?.id ?? ""),
  fold: (frame, byId) => fold(frame, byId, me.value?.id ?? ""),
  listActiveFilters: () => [filter.value, DEFAULT_FILTER],
  // What is open stays, whatever list it has left.
  listPinnedIds: () => {
    const id = match("/conversations/:id", place.value.path)?.id;
    return id ? [id] : [];
  },
});

export const { byId, put, amend, applyOptimistically } = conversations;
export const loadedUnread = computed(() => countUnreadConversations(byId.value));
/** Whether there may be more unread ones than those fetched so far. */
export const isUnreadFloor = computed(() => {
  const { isFetched, isWhole } = conversations.list(DEFAULT_FILTER);
  return isFetched && !isWhole;
});

/** The filter that the URL says; what is left out is the default. */
export const filter = computed<Filter>(() => {
  const { query } = place.value;
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
});

/** The list that is looked at. */
export const list = computed(() => conversations.list(filter.value));

export function conversationOf(id: string): Conversation | undefined {
  return byId.value[id];
}

export function loadMore(): Promise<void> {
  return conversations.loadMore(filter.value);
}

/** Fetch one conversation, for instance one opened by its address. Raises Problem. */
export async function fetchConversation(id: string): Promise<Conversation> {
  const conversation = await http.get<Conversation>(`/v1/conversations/${encodeURIComponent(id)}`);
  put(conversation);
  return conversation;
}

/** Begin to follow this workspace's conversations. Answers how to stop. */
export function startConversations(): () => void {
  const stops = [conversations.start(), subscribe("conversations")];
  void conversations.loadMore(DEFAULT_FILTER);
  return () => {
    for (const stop of stops) stop();
  };
}

function parseChoice<T extends string>(
  value: string | null,
  allowed: readonly T[],
  fallback: T,
): T {
  return allowed.find((one) => one === value) ?? fallback;
}

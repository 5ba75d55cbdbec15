/** The known conversations as signals: fetched by page, kept true by frames. */

import type { Conversation } from "@foyer/protocol";
import { computed } from "@preact/signals";
import { collection } from "../core/collection";
import { subscribe } from "../core/live";
import { match } from "../core/paths";
import { fetchAnswer } from "../core/prefetch";
import { place } from "../core/router";
import { http, me } from "../core/session";
import { DEFAULT_FILTER, type Filter, filterOf, pageOf } from "./filter";
import { fold, listingOf } from "./model";

const conversations = collection<Conversation, Filter>({
  fetchPage: (query, cursor) => fetchAnswer(pageOf(query, cursor)),
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

/** The filter that the URL says. */
export const filter = computed(() => filterOf(place.value.query));

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

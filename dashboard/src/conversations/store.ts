/** The known conversations as signals: fetched by page, kept true by frames. */

import type { Conversation, OperatorEvent, Page } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { follow, onFrame, onGap } from "../core/live";
import { explain } from "../core/problems";
import { match, place } from "../core/router";
import { http, me } from "../core/session";
import {
  amend as amendState,
  apply,
  type Conversations,
  DEFAULT_FILTER,
  EMPTY,
  type Filter,
  filterKey,
  merge,
  put as putInto,
  rowsOf,
  type Sort,
  unreadCount,
} from "./model";

const PAGE = 60;

/** As the server told it. */
const told = signal<Conversations>(EMPTY);
/** Our own changes that are still on their way, by conversation, oldest first. */
const ahead = signal<Readonly<Record<string, readonly Partial<Conversation>[]>>>({});
const state = computed(() =>
  Object.entries(ahead.value).reduce(
    (sum, [id, changes]) => changes.reduce((one, change) => amendState(one, id, change), sum),
    told.value,
  ),
);
const loading = signal<ReadonlySet<string>>(new Set());
const failures = signal<Readonly<Record<string, string>>>({});
/** Ids that frames brought while everything was being fetched anew. */
let touched: Set<string> | null = null;

export const conversations = computed(() => state.value);
export const unreadHere = computed(() => unreadCount(state.value));
/** Whether there may be more unread ones than those fetched so far. */
export const unreadIsFloor = computed(
  () => state.value.reach[filterKey(DEFAULT_FILTER)]?.cursor != null,
);

/** The filter that the URL says; what is left out is the default. */
export const filter = computed<Filter>(() => {
  const { query } = place.value;
  return {
    status: oneOf(query.get("status"), ["open", "snoozed", "closed", "all"], DEFAULT_FILTER.status),
    assignee: query.get("assignee") ?? DEFAULT_FILTER.assignee,
    sort: oneOf<Sort>(
      query.get("sort"),
      ["last_activity", "waiting", "created"],
      DEFAULT_FILTER.sort,
    ),
  };
});

export const rows = computed(() => rowsOf(state.value, filter.value, me.value?.id ?? ""));
export const reach = computed(() => state.value.reach[filterKey(filter.value)]);
export const isLoading = computed(() => loading.value.has(filterKey(filter.value)));
export const failure = computed(() => failures.value[filterKey(filter.value)] ?? null);

export function conversationOf(id: string): Conversation | undefined {
  return state.value.byId[id];
}

export function put(conversation: Conversation): void {
  told.value = putInto(told.value, conversation);
}

export function amend(id: string, change: Partial<Conversation>): void {
  told.value = amendState(told.value, id, change);
}

/** Show a change ahead of the server's answer, whatever frames say meanwhile. Answers its end. */
export function propose(id: string, change: Partial<Conversation>): () => void {
  ahead.value = { ...ahead.value, [id]: [...(ahead.value[id] ?? []), change] };
  return () => {
    const left = (ahead.value[id] ?? []).filter((one) => one !== change);
    ahead.value = left.length > 0 ? { ...ahead.value, [id]: left } : without(ahead.value, id);
  };
}

/** Fetch the next page of a filter's list (the first one when nothing is here yet). */
export async function loadMore(of: Filter = filter.value): Promise<void> {
  const key = filterKey(of);
  const known = told.value.reach[key];
  if (loading.value.has(key) || (known && known.cursor === null)) return;
  loading.value = new Set([...loading.value, key]);
  try {
    const page = await fetchPage(of, known?.cursor ?? null);
    told.value = merge(told.value, of, page);
    failures.value = without(failures.value, key);
  } catch (error) {
    failures.value = { ...failures.value, [key]: explain(error) };
  } finally {
    loading.value = new Set([...loading.value].filter((one) => one !== key));
  }
}

/** Forget what may have become untrue while we weren't told, without emptying the screen. */
async function refetch(): Promise<void> {
  touched = new Set();
  const openId = match("/conversations/:id", place.value.path)?.id;
  if (openId) touched.add(openId);
  const filters = [filter.value, DEFAULT_FILTER].filter(
    (one, index, all) => all.findIndex((other) => filterKey(other) === filterKey(one)) === index,
  );
  try {
    let next = EMPTY;
    for (const one of filters) next = await fetchAsFar(next, one);
    const before = told.value;
    for (const id of touched) {
      const known = before.byId[id];
      if (known) next = putInto(next, known);
    }
    told.value = next;
  } catch {
    // still offline: the next gap brings us here again, and what is shown says how old it is
  } finally {
    touched = null;
  }
}

/** Refetched lists are as long as they were, up to this many pages; the rest comes by scrolling. */
const MOST_PAGES = 5;

async function fetchAsFar(into: Conversations, of: Filter): Promise<Conversations> {
  const rowsBefore = rowsOf(told.value, of, me.value?.id ?? "").length;
  let next = into;
  let cursor: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer: Page<Conversation> = await fetchPage(of, cursor);
    next = merge(next, of, answer);
    cursor = answer.next_cursor;
    if (!cursor || page * PAGE >= rowsBefore) break;
  }
  return next;
}

/** Fetch one conversation, for instance one opened by its address. Raises Problem. */
export async function fetchConversation(id: string): Promise<Conversation> {
  const conversation = await http.get<Conversation>(`/v1/conversations/${encodeURIComponent(id)}`);
  put(conversation);
  return conversation;
}

/** Begin to follow this workspace's conversations. Answers how to stop. */
export function startConversations(): () => void {
  void loadMore(DEFAULT_FILTER);
  const stops = [follow("conversations"), onFrame(hear), onGap(() => void refetch())];
  return () => {
    for (const stop of stops) stop();
    told.value = EMPTY;
    ahead.value = {};
    failures.value = {};
  };
}

function hear(frame: OperatorEvent): void {
  if ("conversation" in frame.data) touched?.add(frame.data.conversation.id);
  if ("conversation_id" in frame.data) touched?.add(frame.data.conversation_id);
  told.value = apply(told.value, frame, me.value?.id ?? "");
}

function fetchPage(of: Filter, cursor: string | null): Promise<Page<Conversation>> {
  const assignee = of.assignee === "all" ? null : of.assignee;
  return http.get<Page<Conversation>>("/v1/conversations", {
    status: of.status,
    assignee,
    sort: of.sort,
    limit: PAGE,
    cursor,
  });
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[], fallback: T): T {
  return allowed.find((one) => one === value) ?? fallback;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}

/**
 * A kind of rows as signals: fetched by page, kept true by frames, fetched anew after a gap without
 * emptying the screen, and with our own changes shown ahead of the server's answer.
 */

import type { OperatorEvent, Page } from "@foyer/protocol";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { onFrame, onGap } from "./live";
import { explain } from "./problems";
import {
  addPage,
  amend,
  applyChange,
  type Change,
  idOf,
  type Listing,
  NO_ROWS,
  put,
  type Row,
  type Rows,
  rowsOf,
} from "./rows";

export interface Source<T extends Row, F> {
  fetchPage: (filter: F, cursor: string | null) => Promise<Page<T>>;
  /** May read signals, such as who I am. */
  listing: (filter: F) => Listing<T>;
  /** What a frame does to rows, given those that are known. */
  fold: (frame: OperatorEvent, known: Readonly<Record<string, T>>) => readonly Change<T>[];
  /** The lists that somebody looks at: after a gap these are fetched anew, others forgotten. */
  listActiveFilters: () => readonly F[];
  /** Rows that stay although they may be in none of those. */
  listPinnedIds?: () => readonly string[];
  /** How many pages are fetched at once; one when left out. */
  pagesAtOnce?: number;
}

/** What is known of a list. */
export interface List<T> {
  rows: readonly T[];
  /** Whether its first page was there: without rows it is then really empty. */
  isFetched: boolean;
  /** Whether there is nothing more to fetch. */
  isWhole: boolean;
  isLoading: boolean;
  /** Why the last page couldn't be fetched. */
  failure: string | null;
}

export interface Collection<T extends Row, F> {
  byId: ReadonlySignal<Readonly<Record<string, T>>>;
  list: (filter: F) => List<T>;
  /** Fetch the next page of a list; the first one when nothing of it is here yet. */
  loadMore: (filter: F) => Promise<void>;
  /** Fetch anew what somebody looks at, as far as it was here. */
  refetch: () => Promise<void>;
  put: (row: T) => void;
  amend: (id: string, change: Partial<T>) => void;
  /** Show a change ahead of the server's answer, whatever frames say meanwhile. Answers its end. */
  applyOptimistically: (id: string, change: Partial<T>) => () => void;
  /** Take in a frame, as happens by itself between start and stop. */
  applyFrame: (frame: OperatorEvent) => void;
  /** Follow frames and gaps; what is known is forgotten once everybody who started has stopped. */
  start: () => () => void;
}

/** A list that is fetched anew is as long as it was, up to this many pages; scrolling does the rest. */
const MOST_PAGES = 5;

export function collection<T extends Row, F>(source: Source<T, F>): Collection<T, F> {
  const { fetchPage, listing, fold, listActiveFilters, listPinnedIds, pagesAtOnce = 1 } = source;
  /** As the server told it. */
  const serverRows = signal<Rows<T>>(NO_ROWS);
  /** Our own changes that are still on their way, by row, oldest first. */
  const optimisticChanges = signal<Readonly<Record<string, readonly Partial<T>[]>>>({});
  const visibleRows = computed(() =>
    Object.entries(optimisticChanges.value).reduce(
      (rows, [id, changes]) => changes.reduce((sum, change) => amend(sum, id, change), rows),
      serverRows.value,
    ),
  );
  const byId = computed(() => visibleRows.value.byId);
  const loading = signal<ReadonlySet<string>>(new Set());
  const failures = signal<Readonly<Record<string, string>>>({});
  const lists = new Map<string, ReadonlySignal<List<T>>>();
  /** Ids that frames brought while everything is fetched anew; null when it isn't. */
  let changedIds: Set<string> | null = null;
  let isDue = false;
  let users = 0;
  /** What was asked for in a former life changes nothing any more. */
  let generation = 0;
  let stops: readonly (() => void)[] = [];

  function list(filter: F): List<T> {
    const { key } = listing(filter);
    const known = lists.get(key) ?? computed(() => listOf(listing(filter)));
    lists.set(key, known);
    return known.value;
  }

  function listOf(target: Listing<T>): List<T> {
    const reach = visibleRows.value.reach[target.key];
    return {
      rows: rowsOf(visibleRows.value, target),
      isFetched: reach !== undefined,
      isWhole: reach?.cursor === null,
      isLoading: loading.value.has(target.key),
      failure: failures.value[target.key] ?? null,
    };
  }

  async function loadMore(filter: F): Promise<void> {
    const target = listing(filter);
    const known = serverRows.value.reach[target.key];
    if (loading.value.has(target.key) || known?.cursor === null) return;
    loading.value = new Set([...loading.value, target.key]);
    failures.value = omit(failures.value, target.key);
    const requestGeneration = generation;
    try {
      let cursor = known?.cursor ?? null;
      for (let page = 0; page < pagesAtOnce; page += 1) {
        const answer = await fetchPage(filter, cursor);
        if (requestGeneration !== generation) return;
        serverRows.value = addPage(serverRows.value, target, answer);
        cursor = answer.next_cursor;
        if (!cursor) break;
      }
    } catch (error) {
      if (requestGeneration === generation)
        failures.value = { ...failures.value, [target.key]: explain(error) };
    } finally {
      if (requestGeneration === generation)
        loading.value = new Set([...loading.value].filter((one) => one !== target.key));
    }
  }

  async function refetch(): Promise<void> {
    isDue = true;
    if (changedIds) return;
    while (isDue) {
      isDue = false;
      await refetchAll();
    }
  }

  async function refetchAll(): Promise<void> {
    changedIds = new Set(listPinnedIds?.());
    const requestGeneration = generation;
    const filters = new Map(listActiveFilters().map((filter) => [listing(filter).key, filter]));
    try {
      let next: Rows<T> = NO_ROWS;
      for (const filter of filters.values()) next = await refetchList(next, filter);
      if (requestGeneration !== generation) return;
      serverRows.value = [...changedIds].reduce(keepChanged, next);
      failures.value = {};
    } catch {
      // still offline: the next gap brings us here again, and what is shown says how old it is
    } finally {
      changedIds = null;
    }
  }

  async function refetchList(into: Rows<T>, filter: F): Promise<Rows<T>> {
    const target = listing(filter);
    const rowsBefore = rowsOf(serverRows.value, target).length;
    let next = into;
    let cursor: string | null = null;
    let fetched = 0;
    for (let page = 1; page <= Math.max(MOST_PAGES, pagesAtOnce); page += 1) {
      const answer: Page<T> = await fetchPage(filter, cursor);
      next = addPage(next, target, answer);
      cursor = answer.next_cursor;
      fetched += answer.data.length;
      if (!cursor || (page >= pagesAtOnce && fetched >= rowsBefore)) break;
    }
    return next;
  }

  /** What frames said of a row meanwhile counts, that it went as well. */
  function keepChanged(next: Rows<T>, id: string): Rows<T> {
    const known = serverRows.value.byId[id];
    if (known) return put(next, known);
    return id in serverRows.value.removedVersions ? applyChange(next, { remove: id }) : next;
  }

  function applyFrame(frame: OperatorEvent): void {
    const changes = fold(frame, serverRows.value.byId);
    for (const change of changes) changedIds?.add(idOf(change));
    serverRows.value = changes.reduce(applyChange, serverRows.value);
  }

  function applyOptimistically(id: string, change: Partial<T>): () => void {
    optimisticChanges.value = {
      ...optimisticChanges.value,
      [id]: [...(optimisticChanges.value[id] ?? []), change],
    };
    return () => {
      const left = (optimisticChanges.value[id] ?? []).filter((one) => one !== change);
      optimisticChanges.value =
        left.length > 0
          ? { ...optimisticChanges.value, [id]: left }
          : omit(optimisticChanges.value, id);
    };
  }

  function start(): () => void {
    users += 1;
    if (users === 1) stops = [onFrame(applyFrame), onGap(() => void refetch())];
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      users -= 1;
      if (users > 0) return;
      for (const stop of stops) stop();
      generation += 1;
      isDue = false;
      serverRows.value = NO_ROWS;
      optimisticChanges.value = {};
      failures.value = {};
      loading.value = new Set();
      lists.clear();
    };
  }

  return {
    byId,
    list,
    loadMore,
    refetch,
    applyFrame,
    applyOptimistically,
    start,
    put: (row) => {
      serverRows.value = put(serverRows.value, row);
    },
    amend: (id, change) => {
      serverRows.value = amend(serverRows.value, id, change);
    },
  };
}

function omit<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}

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
  held: () => readonly F[];
  /** Rows that stay although they may be in none of those. */
  keeps?: () => readonly string[];
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
  propose: (id: string, change: Partial<T>) => () => void;
  /** Take in a frame, as happens by itself between start and stop. */
  hear: (frame: OperatorEvent) => void;
  /** Follow frames and gaps; what is known is forgotten once everybody who started has stopped. */
  start: () => () => void;
}

/** A list that is fetched anew is as long as it was, up to this many pages; scrolling does the rest. */
const MOST_PAGES = 5;

export function collection<T extends Row, F>(source: Source<T, F>): Collection<T, F> {
  const { fetchPage, listing, fold, held, keeps, pagesAtOnce = 1 } = source;
  /** As the server told it. */
  const told = signal<Rows<T>>(NO_ROWS);
  /** Our own changes that are still on their way, by row, oldest first. */
  const ahead = signal<Readonly<Record<string, readonly Partial<T>[]>>>({});
  const shown = computed(() =>
    Object.entries(ahead.value).reduce(
      (rows, [id, changes]) => changes.reduce((sum, change) => amend(sum, id, change), rows),
      told.value,
    ),
  );
  const byId = computed(() => shown.value.byId);
  const loading = signal<ReadonlySet<string>>(new Set());
  const failures = signal<Readonly<Record<string, string>>>({});
  const lists = new Map<string, ReadonlySignal<List<T>>>();
  /** Ids that frames brought while everything is fetched anew; null when it isn't. */
  let touched: Set<string> | null = null;
  let isDue = false;
  let users = 0;
  /** What was asked for in a former life changes nothing any more. */
  let life = 0;
  let stops: readonly (() => void)[] = [];

  function list(filter: F): List<T> {
    const { key } = listing(filter);
    const known = lists.get(key) ?? computed(() => listOf(listing(filter)));
    lists.set(key, known);
    return known.value;
  }

  function listOf(of: Listing<T>): List<T> {
    const reach = shown.value.reach[of.key];
    return {
      rows: rowsOf(shown.value, of),
      isFetched: reach !== undefined,
      isWhole: reach?.cursor === null,
      isLoading: loading.value.has(of.key),
      failure: failures.value[of.key] ?? null,
    };
  }

  async function loadMore(filter: F): Promise<void> {
    const of = listing(filter);
    const known = told.value.reach[of.key];
    if (loading.value.has(of.key) || known?.cursor === null) return;
    loading.value = new Set([...loading.value, of.key]);
    failures.value = without(failures.value, of.key);
    const asked = life;
    try {
      let cursor = known?.cursor ?? null;
      for (let page = 0; page < pagesAtOnce; page += 1) {
        const answer = await fetchPage(filter, cursor);
        if (asked !== life) return;
        told.value = addPage(told.value, of, answer);
        cursor = answer.next_cursor;
        if (!cursor) break;
      }
    } catch (error) {
      if (asked === life) failures.value = { ...failures.value, [of.key]: explain(error) };
    } finally {
      if (asked === life)
        loading.value = new Set([...loading.value].filter((one) => one !== of.key));
    }
  }

  async function refetch(): Promise<void> {
    isDue = true;
    if (touched) return;
    while (isDue) {
      isDue = false;
      await fetchAnew();
    }
  }

  async function fetchAnew(): Promise<void> {
    touched = new Set(keeps?.());
    const asked = life;
    const filters = new Map(held().map((filter) => [listing(filter).key, filter]));
    try {
      let next: Rows<T> = NO_ROWS;
      for (const filter of filters.values()) next = await fetchAsFar(next, filter);
      if (asked !== life) return;
      told.value = [...touched].reduce(keep, next);
      failures.value = {};
    } catch {
      // still offline: the next gap brings us here again, and what is shown says how old it is
    } finally {
      touched = null;
    }
  }

  async function fetchAsFar(into: Rows<T>, filter: F): Promise<Rows<T>> {
    const of = listing(filter);
    const rowsBefore = rowsOf(told.value, of).length;
    let next = into;
    let cursor: string | null = null;
    let fetched = 0;
    for (let page = 1; page <= Math.max(MOST_PAGES, pagesAtOnce); page += 1) {
      const answer: Page<T> = await fetchPage(filter, cursor);
      next = addPage(next, of, answer);
      cursor = answer.next_cursor;
      fetched += answer.data.length;
      if (!cursor || (page >= pagesAtOnce && fetched >= rowsBefore)) break;
    }
    return next;
  }

  /** What frames said of a row meanwhile counts, that it went as well. */
  function keep(next: Rows<T>, id: string): Rows<T> {
    const known = told.value.byId[id];
    if (known) return put(next, known);
    return id in told.value.gone ? applyChange(next, { remove: id }) : next;
  }

  function hear(frame: OperatorEvent): void {
    const changes = fold(frame, told.value.byId);
    for (const change of changes) touched?.add(idOf(change));
    told.value = changes.reduce(applyChange, told.value);
  }

  function propose(id: string, change: Partial<T>): () => void {
    ahead.value = { ...ahead.value, [id]: [...(ahead.value[id] ?? []), change] };
    return () => {
      const left = (ahead.value[id] ?? []).filter((one) => one !== change);
      ahead.value = left.length > 0 ? { ...ahead.value, [id]: left } : without(ahead.value, id);
    };
  }

  function start(): () => void {
    users += 1;
    if (users === 1) stops = [onFrame(hear), onGap(() => void refetch())];
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      users -= 1;
      if (users > 0) return;
      for (const stop of stops) stop();
      life += 1;
      isDue = false;
      told.value = NO_ROWS;
      ahead.value = {};
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
    hear,
    propose,
    start,
    put: (row) => {
      told.value = put(told.value, row);
    },
    amend: (id, change) => {
      told.value = amend(told.value, id, change);
    },
  };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}

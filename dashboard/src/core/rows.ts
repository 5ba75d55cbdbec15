/**
 * Rows of one kind as a pure fold over fetched pages, frames and our own changes.
 *
 * Frames may repeat and come late: a row is replaced only by one that is at least as new, and one
 * that went comes back only by one that is newer. Lists are computed from the rows, so the same rows
 * always give the same list.
 */

export interface Row {
  readonly id: string;
  /** Grows with each change. */
  readonly version: number;
}

/** Which rows a list has, and in which order. */
export interface Listing<T> {
  /** Tells lists apart. */
  key: string;
  /** Left out where only the server can say it, as of a search: the list is then as it was fetched. */
  rule?: {
    matches: (row: T) => boolean;
    /** The order in which the server hands out pages. */
    compare: (a: T, b: T) => number;
  };
}

/** How far a list has been fetched. */
interface FetchState<T> {
  /** For the next page; null when everything is here. */
  cursor: string | null;
  /** The last fetched row: rows beyond it wait for their page. Null when all is here. */
  edge: T | null;
  /** What was fetched, in its order. */
  ids: readonly string[];
}

export interface Rows<T> {
  readonly byId: Readonly<Record<string, T>>;
  /** By a listing's key; missing until its first page was there. */
  readonly reach: Readonly<Record<string, FetchState<T>>>;
  /** The last version of rows that went. */
  readonly removedVersions: Readonly<Record<string, number>>;
}

/** What a frame does to one row. */
export type Change<T> =
  /** It became known, unless what is known is newer. */
  | { put: T }
  /** Some of it changed, whatever its version. */
  | { set: T }
  | { remove: string };

export const NO_ROWS: Rows<never> = { byId: {}, reach: {}, removedVersions: {} };

/** After a fetched page of a list; a row that moved between two pages is there once. */
export function addPage<T extends Row>(
  rows: Rows<T>,
  { key, rule }: Listing<T>,
  page: { data: readonly T[]; next_cursor: string | null },
): Rows<T> {
  const next = page.data.reduce(put, rows);
  const edge = page.next_cursor && rule ? (page.data.at(-1) ?? null) : null;
  const before = rule ? [] : (rows.reach[key]?.ids ?? []);
  const ids = rule ? [] : [...new Set([...before, ...page.data.map((row) => row.id)])];
  return { ...next, reach: { ...next.reach, [key]: { cursor: page.next_cursor, edge, ids } } };
}

/** After one row became known, unless it is older than what is known of it. */
export function put<T extends Row>(rows: Rows<T>, row: T): Rows<T> {
  const known = rows.byId[row.id];
  if (known && known.version > row.version) return rows;
  const last = rows.removedVersions[row.id];
  if (last !== undefined && last >= row.version) return rows;
  return set(rows, row);
}

export function applyChange<T extends Row>(rows: Rows<T>, change: Change<T>): Rows<T> {
  if ("put" in change) return put(rows, change.put);
  if ("set" in change) return set(rows, change.set);
  return remove(rows, change.remove);
}

/** With some fields of a row changed by us, ahead of the server's answer. */
export function amend<T extends Row>(rows: Rows<T>, id: string, change: Partial<T>): Rows<T> {
  const known = rows.byId[id];
  return known ? set(rows, { ...known, ...change }) : rows;
}

export function idOf<T extends Row>(change: Change<T>): string {
  if ("remove" in change) return change.remove;
  return "put" in change ? change.put.id : change.set.id;
}

/** A list's rows in their order, as far as it has been fetched. */
export function rowsOf<T extends Row>(rows: Rows<T>, { key, rule }: Listing<T>): readonly T[] {
  const reach = rows.reach[key];
  if (!reach) return [];
  if (!rule) return reach.ids.flatMap((id) => rows.byId[id] ?? []);
  const { edge } = reach;
  return Object.values(rows.byId)
    .filter((row) => rule.matches(row) && (edge === null || rule.compare(row, edge) <= 0))
    .sort(rule.compare);
}

function set<T extends Row>(rows: Rows<T>, row: T): Rows<T> {
  return { ...rows, byId: { ...rows.byId, [row.id]: row } };
}

function remove<T extends Row>(rows: Rows<T>, id: string): Rows<T> {
  const { [id]: known, ...others } = rows.byId;
  if (!known) return rows;
  return {
    ...rows,
    byId: others,
    removedVersions: { ...rows.removedVersions, [id]: known.version },
  };
}

/** Which rows are marked for a bulk action, and where j and k are; pure, by ids. */

export interface Selection {
  readonly ids: readonly string[];
  /** Where a range starts. */
  readonly anchor: string | null;
}

export const EMPTY_SELECTION: Selection = { ids: [], anchor: null };

/** Mark or unmark one row. */
export function toggle(selection: Selection, id: string): Selection {
  const isSelected = selection.ids.includes(id);
  const ids = isSelected ? selection.ids.filter((one) => one !== id) : [...selection.ids, id];
  return { ids, anchor: id };
}

/** Mark everything between the anchor and `id`, both included. */
export function extend(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = selection.anchor ? order.indexOf(selection.anchor) : -1;
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return toggle(selection, id);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: [...new Set([...selection.ids, ...range])], anchor: selection.anchor };
}

/** Only what is still listed stays marked. */
export function keepListed(selection: Selection, order: readonly string[]): Selection {
  const ids = selection.ids.filter((id) => order.includes(id));
  return ids.length === selection.ids.length ? selection : { ...selection, ids };
}

/**
 * The id one step on from `current`. When that row has left the list, its old place counts: the
 * row that moved up into it is the next one.
 */
export function stepFrom(
  order: readonly string[],
  current: string | null,
  lastIndex: number,
  step: 1 | -1,
): string | null {
  if (order.length === 0) return null;
  const at = current ? order.indexOf(current) : -1;
  if (at < 0) {
    const place = step === 1 ? lastIndex : lastIndex - 1;
    return order[Math.max(0, Math.min(place, order.length - 1))] ?? null;
  }
  return order[Math.max(0, Math.min(at + step, order.length - 1))] ?? null;
}

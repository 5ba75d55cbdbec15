import { useEffect } from "preact/hooks";
import type { Collection, List } from "./collection";
import type { Row } from "./rows";

/** A list for as long as the component is there: fetched when it is asked for, then kept true. */
export function useList<T extends Row, F>(of: Collection<T, F>, filter: F): List<T> {
  useEffect(() => of.start(), []);
  useEffect(() => {
    // What is here of it may have become untrue while another list was looked at.
    if (of.list(filter).isFetched) void of.refetch();
    else void of.loadMore(filter);
  }, [filter]);
  return of.list(filter);
}

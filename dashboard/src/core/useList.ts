import { useEffect } from "preact/hooks";
import type { Collection, List } from "./collection";
import type { Row } from "./rows";

/** A list for as long as the component is there: fetched when it is asked for, then kept true. */
export function useList<T extends Row, F>(collection: Collection<T, F>, filter: F): List<T> {
  useEffect(() => collection.start(), []);
  useEffect(() => {
    // What is here of it may have become untrue while another list was looked at.
    if (collection.list(filter).isFetched) void collection.refetch();
    else void collection.loadMore(filter);
  }, [filter]);
  return collection.list(filter);
}

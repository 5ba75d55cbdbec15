import type { ComponentChildren } from "preact";
import { Button } from "../ui/Button";
import { ErrorState, RowSkeletons, Skeleton } from "../ui/States";
import type { List } from "./collection";
import { common } from "./messages";

interface ListBodyProps<T> {
  list: Pick<List<T>, "rows" | "isFetched" | "isLoading" | "failure">;
  /** Height of a row in CSS pixels at the root font size. */
  rowHeight: number;
  /** Tells lists that are drawn in one place apart: each has a wait of its own. */
  id?: string;
  /** How many rows are expected. */
  skeletons: number;
  onMore: () => void;
  /** Says why nothing is there, and what to do. */
  empty: () => ComponentChildren;
  /** Draws the rows; the footer belongs after the last one. */
  children: (rows: readonly T[], footer: ComponentChildren) => ComponentChildren;
}

/** A list in each of its states: its rows, or that they are on their way, failed, or aren't any. */
export function ListBody<T>(props: ListBodyProps<T>) {
  const { list, id, rowHeight, skeletons, onMore, empty, children } = props;
  const { rows, isFetched, isLoading, failure } = list;
  if (rows.length > 0)
    return <>{children(rows, failure && <MoreError reason={failure} onRetry={onMore} />)}</>;
  if (failure) {
    return (
      <ErrorState
        title={common.loadFailed}
        detail={failure}
        retryLabel={common.retry}
        onRetry={onMore}
      />
    );
  }
  if (isFetched && !isLoading) return <>{empty()}</>;
  return (
    <Skeleton key={id} label={common.loading}>
      <RowSkeletons count={skeletons} height={rowHeight} />
    </Skeleton>
  );
}

function MoreError({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div class="more-failed" role="alert">
      <span>{reason}</span>
      <Button size="small" onClick={onRetry}>
        {common.retry}
      </Button>
    </div>
  );
}

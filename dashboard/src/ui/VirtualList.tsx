import type { ComponentChildren } from "preact";
import { useVirtualRows } from "./useVirtualRows";

interface VirtualListProps<Item> {
  label: string;
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Height of every row in CSS pixels at the root font size; rows scale with the user's text size. */
  rowHeight: number;
  render: (item: Item, index: number) => ComponentChildren;
  /** Called when the end comes near, to load the next page. */
  onEnd?: (() => void) | undefined;
  /** Row kept in view when it changes. */
  focusIndex?: number | undefined;
  /** What stands after the last row: a loading line, an error. */
  footer?: ComponentChildren;
}

/** A list of equal rows of which only those in sight exist; position and size are still announced. */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { label, items, render, footer } = props;
  const { scroller, rows, height } = useVirtualRows(props);
  return (
    <div ref={scroller} class="virtual">
      <ul class="virtual-list" aria-label={label} style={{ height: `${height}px` }}>
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <li
              key={row.key}
              class="virtual-row"
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              style={{ height: `${row.size}px`, transform: `translateY(${row.start}px)` }}
            >
              {render(item, row.index)}
            </li>
          );
        })}
      </ul>
      {footer}
    </div>
  );
}

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

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
  scroller?: RefObject<HTMLDivElement | null>;
  class?: string;
}

const OVERSCAN = 8;
const END_ROWS = 10;

/** A list of equal rows of which only those in sight exist; position and size are still announced. */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { label, items, keyOf, render, onEnd, focusIndex, footer } = props;
  const own = useRef<HTMLDivElement>(null);
  const scroller = props.scroller ?? own;
  const rowHeight = props.rowHeight * rootScale();
  const [, redraw] = useState(0);
  const options = {
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index: number) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: OVERSCAN,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw((count) => count + 1),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => {
    if (focusIndex !== undefined && focusIndex >= 0)
      virtualizer.scrollToIndex(focusIndex, { align: "auto" });
  }, [focusIndex]);

  const rows = virtualizer.getVirtualItems();
  const last = rows[rows.length - 1]?.index ?? -1;
  useEffect(() => {
    if (last >= items.length - END_ROWS) onEnd?.();
  }, [last, items.length]);

  return (
    <div ref={scroller} class={`virtual ${props.class ?? ""}`}>
      <ul
        class="virtual-list"
        aria-label={label}
        style={{ height: `${virtualizer.getTotalSize()}px` }}
      >
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

function rootScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Options<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Height of every row in CSS pixels at the root font size; rows scale with the user's text size. */
  rowHeight: number;
  /** Called when the end comes near, to load the next page. */
  onEnd?: (() => void) | undefined;
  /** Row kept in view when it changes. */
  focusIndex?: number | undefined;
}

interface VirtualRows {
  scroller: RefObject<HTMLDivElement | null>;
  /** The rows in sight and some around them. */
  rows: readonly VirtualItem[];
  /** Height of all rows, in CSS pixels. */
  height: number;
}

const OVERSCAN = 8;
const END_ROWS = 10;

/** Which of many equal rows have to exist for what is in sight. */
export function useVirtualRows<Item>(given: Options<Item>): VirtualRows {
  const { items, keyOf, onEnd, focusIndex } = given;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = given.rowHeight * rootScale();
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
  return { scroller, rows, height: virtualizer.getTotalSize() };
}

function rootScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

import type { ComponentChildren } from "preact";
import { classes } from "./classes";
import { useVirtualRows } from "./useVirtualRows";

export interface Column<Item> {
  /** Also the class of the column's cells, by which a page lays them out. */
  name: string;
  label: string;
  /** The heading is for screen readers alone: the column explains itself to the eye. */
  hideLabel?: boolean;
  cell: (item: Item) => ComponentChildren;
}

interface TableProps<Item> {
  label: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Height of every row in CSS pixels at the root font size. */
  rowHeight: number;
  /** Whether there are more rows than `items`, still to be loaded. */
  hasMore?: boolean;
  onEnd?: (() => void) | undefined;
  footer?: ComponentChildren;
  /** Class of the table; it sets `--columns`, the grid of every row. */
  class: string;
  rowClass: string;
}

/**
 * A table of equal rows under a heading that stays, of which only those in sight exist; on a phone
 * the heading is left to screen readers and a row becomes a card. A link with `table-target` takes
 * the whole row as its target.
 */
export function Table<Item>(props: TableProps<Item>) {
  const { label, columns, items, hasMore, footer } = props;
  const { scroller, rows, height } = useVirtualRows(props);
  return (
    <div ref={scroller} class="virtual table-frame">
      <table
        class={classes("table", props.class)}
        aria-label={label}
        aria-rowcount={hasMore ? -1 : items.length + 1}
      >
        <thead class="table-head">
          <tr aria-rowindex={1} class="table-row">
            {columns.map((column) => (
              <th key={column.name} scope="col" class={`cell-${column.name}`}>
                <span class={column.hideLabel ? "visually-hidden" : "truncate"}>
                  {column.label}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="virtual-list" style={{ height: `${height}px` }}>
          {rows.map((row) => {
            const item = items[row.index];
            if (item === undefined) return null;
            return (
              <tr
                key={row.key}
                aria-rowindex={row.index + 2}
                class={classes("virtual-row table-row is-body", props.rowClass)}
                style={{ height: `${row.size}px`, transform: `translateY(${row.start}px)` }}
              >
                {columns.map((column) => (
                  <td key={column.name} class={`cell-${column.name}`}>
                    {column.cell(item)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {footer}
    </div>
  );
}

/** Move the focus to the next or previous row's own control; from outside, to the first row. */
export function stepRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(".table-row.is-body")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? rows[0] : rows[at + by];
  next?.querySelector<HTMLElement>("a, button")?.focus();
}

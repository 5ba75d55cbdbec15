import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { isRtl } from "./direction";

interface SeparatorProps {
  label: string;
  /** Width of the pane it belongs to, in CSS pixels. */
  value: number;
  min: number;
  max: number;
  /** Where a double click puts it back. */
  defaultValue: number;
  /** Which side of the separator that pane is on. */
  pane: "before" | "after";
  onChange: (width: number) => void;
  /** Called when the change is over, to remember it. */
  onCommit: (width: number) => void;
}

const STEP = 16;

/** The line between two panes: dragged by pointer, moved by arrow keys, reset by a double click. */
export function Separator({
  label,
  value,
  min,
  max,
  defaultValue,
  pane,
  onChange,
  onCommit,
}: SeparatorProps) {
  const [isDragging, setIsDragging] = useState(false);
  const commit = (width: number) => {
    onChange(width);
    onCommit(width);
  };
  /** What a step to the right does to the width. */
  const growth = (line: Element) => ((pane === "before") === isRtl(line) ? -1 : 1);
  const fit = (width: number) => Math.round(Math.max(min, Math.min(max, width)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable window splitter, which <hr> cannot be
    <div
      class={isDragging ? "separator is-dragging" : "separator"}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={(event) => {
        const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (direction === 0) return;
        event.preventDefault();
        commit(fit(value + direction * STEP * growth(event.currentTarget)));
      }}
      onDblClick={() => commit(defaultValue)}
      onPointerDown={(event) => {
        const line = event.currentTarget;
        const from = event.clientX;
        line.setPointerCapture(event.pointerId);
        setIsDragging(true);
        const widthAt = (x: number) => fit(value + (x - from) * growth(line));
        const move = (moved: PointerEvent) => onChange(widthAt(moved.clientX));
        const end = (ended: PointerEvent) => {
          line.removeEventListener("pointermove", move);
          line.removeEventListener("pointerup", end);
          line.removeEventListener("pointercancel", end);
          setIsDragging(false);
          onCommit(widthAt(ended.clientX));
        };
        line.addEventListener("pointermove", move);
        line.addEventListener("pointerup", end);
        line.addEventListener("pointercancel", end);
      }}
    />
  );
}

/** A scrolling region that keyboards can reach. */
export function Scroller({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be reachable by keyboard
    <section class="scroller" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

import { isComposing } from "@foyer/protocol/keys";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { classes } from "./classes";
import { isRtl } from "./direction";

export type Side = "bottom-start" | "bottom-end" | "top-start" | "top-end" | "beside-end";

interface PopoverProps {
  /** What it hangs from: outside presses and Escape close it, and focus goes back there. */
  anchor: RefObject<HTMLElement | null>;
  side?: Side;
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
}

const GAP = 6;
const MARGIN = 8;

/** A floating panel in the browser's top layer, kept inside the window. */
export function Popover({
  anchor,
  side = "bottom-start",
  class: extra,
  onClose,
  children,
}: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const element = panel.current;
    if (!element) return;
    element.showPopover();
    const reposition = () => place(element, anchor.current, side);
    reposition();
    const observer = new ResizeObserver(reposition);
    observer.observe(element);
    addEventListener("resize", reposition);
    addEventListener("scroll", reposition, true);
    const closeOutside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!element.contains(target) && !anchor.current?.contains(target)) close.current();
    };
    addEventListener("pointerdown", closeOutside, true);
    const opener = anchor.current;
    return () => {
      observer.disconnect();
      removeEventListener("resize", reposition);
      removeEventListener("scroll", reposition, true);
      removeEventListener("pointerdown", closeOutside, true);
      const focused = document.activeElement;
      if (focused === document.body || element.contains(focused)) focusWithin(opener);
    };
  }, []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape works from any control inside
    <div
      ref={panel}
      popover="manual"
      class={classes("popover", extra)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || isComposing(event)) return;
        event.stopPropagation();
        event.preventDefault();
        focusWithin(anchor.current);
        onClose();
      }}
    >
      {children}
    </div>
  );
}

function focusWithin(element: HTMLElement | null): void {
  if (!element) return;
  const target = element.matches("button, a, input, select, textarea, [tabindex]")
    ? element
    : element.querySelector<HTMLElement>("button, a, input");
  target?.focus({ preventScroll: true });
}

function place(panel: HTMLElement, anchor: HTMLElement | null, side: Side): void {
  if (!anchor) return;
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = at.bottom + GAP;
  const above = at.top - GAP - height;
  const wantsTop = side.startsWith("top");
  const fitsBelow = below + height <= innerHeight - MARGIN;
  let top = wantsTop
    ? above >= MARGIN
      ? above
      : below
    : fitsBelow || above < MARGIN
      ? below
      : above;
  const rtl = isRtl(anchor);
  let left = side.endsWith("end") === rtl ? at.left : at.right - width;
  if (side === "beside-end") {
    top = at.bottom - height;
    left = rtl ? at.left - GAP - width : at.right + GAP;
  }
  panel.style.top = `${clamp(top, MARGIN, innerHeight - height - MARGIN)}px`;
  panel.style.left = `${clamp(left, MARGIN, innerWidth - width - MARGIN)}px`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

import { signal } from "@preact/signals";
import { CircleAlert, CircleCheck, X } from "lucide";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Button, IconButton } from "./Button";
import { classes } from "./classes";
import { Icon } from "./Icon";
import { Kbd } from "./Kbd";

/** How long a toast stays, in milliseconds: long enough to read and to reach for Undo. */
export const TOAST_MS = 8000;
const MAX_TOASTS = 3;
/** Between toasts and what they stand above, pixels. */
const GAP = 8;

export interface Toast {
  text: string;
  tone?: "plain" | "danger";
  undo?: () => void;
}

interface VisibleToast extends Toast {
  id: number;
}

const visibleToasts = signal<readonly VisibleToast[]>([]);
let nextId = 1;

/** Say something in passing; an `undo` is offered for as long as it is shown. */
export function toast(one: Toast): () => void {
  const id = nextId++;
  // What is said again isn't said twice; what can be undone is another one each time.
  const others = visibleToasts.value.filter((other) => other.undo || other.text !== one.text);
  visibleToasts.value = [...others, { ...one, id }].slice(-MAX_TOASTS);
  return () => dismiss(id);
}

/** Take back the newest thing that can be; false when there is none. */
export function undoLatest(): boolean {
  const latest = visibleToasts.value.findLast((one) => one.undo);
  if (!latest?.undo) return false;
  dismiss(latest.id);
  latest.undo();
  return true;
}

/** Whether there is something that can still be taken back. */
export function hasUndo(): boolean {
  return visibleToasts.value.some((one) => one.undo);
}

export function clearToasts(): void {
  visibleToasts.value = [];
}

function dismiss(id: number): void {
  visibleToasts.value = visibleToasts.value.filter((one) => one.id !== id);
}

/** What toasts must not cover: a field at the page's end. They stand above it, in its width. */
const field = signal<HTMLElement | null>(null);

/** Have toasts stand above an element for as long as it is there and in sight. */
export function useToastsAbove(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    field.value = element.current;
    return () => {
      field.value = null;
    };
  }, []);
}

interface ToastsProps {
  undoLabel: string;
  /** What takes back the newest that can be. */
  undoKeys: string;
  closeLabel: string;
  regionLabel: string;
}

/** The place where toasts appear; a live region, so they are read out as well. */
export function Toasts({ undoLabel, undoKeys, closeLabel, regionLabel }: ToastsProps) {
  const region = useRef<HTMLElement>(null);
  const above = field.value;
  const isEmpty = visibleToasts.value.length === 0;
  const newest = visibleToasts.value.findLast((one) => one.undo);
  useLayoutEffect(() => {
    if (isEmpty) return;
    const settle = () => region.current && place(region.current, above);
    settle();
    const watcher = new ResizeObserver(settle);
    if (above) watcher.observe(above);
    addEventListener("resize", settle);
    return () => {
      watcher.disconnect();
      removeEventListener("resize", settle);
    };
  }, [above, isEmpty]);
  return (
    <section ref={region} class="toasts" aria-label={regionLabel} aria-live="polite">
      {visibleToasts.value.map((one) => (
        <ToastCard
          key={one.id}
          toast={one}
          undoLabel={undoLabel}
          undoKeys={one === newest ? undoKeys : null}
          closeLabel={closeLabel}
        />
      ))}
    </section>
  );
}

/** Above an element that is in sight, else where the styles have them. */
function place(region: HTMLElement, above: HTMLElement | null): void {
  const { left = 0, right = 0, top = 0, width = 0 } = above?.getBoundingClientRect() ?? {};
  const isInSight = width > 0;
  region.style.left = isInSight ? `${left}px` : "";
  region.style.right = isInSight ? `${innerWidth - right}px` : "";
  region.style.bottom = isInSight ? `${innerHeight - top + GAP}px` : "";
}

interface ToastCardProps {
  toast: VisibleToast;
  undoLabel: string;
  undoKeys: string | null;
  closeLabel: string;
}

function ToastCard(props: ToastCardProps) {
  const { id, text, tone, undo } = props.toast;
  const timer = useRef(0);
  const stop = () => clearTimeout(timer.current);
  const start = () => {
    stop();
    timer.current = window.setTimeout(() => dismiss(id), TOAST_MS);
  };
  useEffect(() => {
    start();
    return stop;
  }, []);
  return (
    <div
      class={classes("toast", tone === "danger" && "is-danger")}
      role="status"
      onPointerEnter={stop}
      onPointerLeave={start}
      onFocusCapture={stop}
      onBlurCapture={start}
    >
      <Icon of={tone === "danger" ? CircleAlert : CircleCheck} />
      <span class="toast-text" dir="auto">
        {text}
      </span>
      {undo && (
        <Button
          tone="quiet"
          size="small"
          onClick={() => {
            dismiss(id);
            undo();
          }}
        >
          {props.undoLabel}
          {props.undoKeys && (
            <span class="toast-keys" aria-hidden="true">
              <Kbd keys={props.undoKeys} />
            </span>
          )}
        </Button>
      )}
      <IconButton size="small" icon={X} label={props.closeLabel} onClick={() => dismiss(id)} />
    </div>
  );
}

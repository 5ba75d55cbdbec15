import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./Button";
import { classes } from "./classes";

interface DialogProps {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  width?: "small" | "medium" | "large";
}

/** A modal dialogue in the top layer: focus stays inside, Escape and the backdrop close it. */
export function Dialog({
  title,
  closeLabel,
  onClose,
  children,
  footer,
  width = "small",
}: DialogProps) {
  const titleId = useId();
  return (
    <Modal labelId={titleId} class={`dialog dialog-${width}`} onClose={onClose}>
      <header class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <IconButton icon={X} label={closeLabel} onClick={onClose} />
      </header>
      <div class="dialog-body" tabIndex={-1}>
        {children}
      </div>
      {footer && <footer class="dialog-foot">{footer}</footer>}
    </Modal>
  );
}

interface ModalProps {
  labelId?: string;
  label?: string;
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** Where work begins: the first field, else the first answer, else the text; not the way out. */
function findFirstFocus(dialog: HTMLElement | null): HTMLElement | null | undefined {
  return (
    dialog?.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select") ??
    dialog?.querySelector<HTMLElement>(".dialog-foot button") ??
    dialog?.querySelector<HTMLElement>(".dialog-body")
  );
}

/** The bare modal layer that Dialog and CommandPalette stand on. */
export function Modal({ labelId, label, class: extra, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    findFirstFocus(element)?.focus();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={classes("modal", extra)}
      aria-labelledby={labelId}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="modal-frame">{children}</div>
    </dialog>
  );
}

/** One booted widget as the page sees it: a launcher and a panel that opens and closes. */

import {
  type Guest,
  type GuestCallback,
  type Look,
  type Options,
  type Shell,
  storageKey,
} from "../shared/shell.ts";
import { createView, LOOK } from "./view.ts";

export function boot(
  origin: string,
  options: Options,
  emit: Shell["emit"],
  loadGuest: (meet: GuestCallback) => void,
  fetch: Shell["fetch"],
) {
  const view = createView(toggle, close);
  const page = new AbortController();
  let guest: Guest | undefined;
  let isOpen = false;
  let draft: string | undefined;
  let opener: Element | null = null;

  const shell: Shell = {
    origin,
    options,
    root: view.root,
    get frame() {
      return view.frame;
    },
    get isOpen() {
      return isOpen;
    },
    restyle() {
      view.restyle({ ...LOOK, ...loadLook(options.key), ...options });
    },
    attach: view.attach,
    label: view.label,
    load,
    open,
    close,
    removeFrame: view.removeFrame,
    emit,
    fetch,
  };

  function startGuest() {
    if (guest) return;
    loadGuest((createGuest) => {
      if (page.signal.aborted) return;
      guest = createGuest(shell);
      if (isOpen) guest.onOpen(draft);
    });
  }

  /** Puts the frame into the panel, open or not. */
  function load() {
    if (view.frame) return;
    const frame = view.addFrame(
      // Not location.origin: a srcdoc page, as the dashboard's preview is, has none there.
      `${origin}/widget/frame.html#${self.origin}`,
    );
    frame.onload = () => {
      frame.dataset.loaded = "";
      guest?.connect();
    };
  }

  function open(text?: string) {
    view.attach();
    draft = text;
    load();
    if (!isOpen) {
      opener = document.activeElement;
      isOpen = true;
      view.toggle(true);
      emit("open");
    }
    if (guest) guest.onOpen(text);
    else startGuest();
    if (isOpen && !options.preview) focus();
  }

  /** Escape works from the panel; in a frame that isn't ready nobody would hear it. */
  const focus = () => (view.panel.classList.contains("ready") ? view.frame : view.panel)?.focus();

  function close() {
    if (!isOpen) return;
    const inside = document.activeElement === view.host;
    isOpen = false;
    view.toggle(false);
    guest?.onClose();
    if (inside) {
      const outside = opener !== view.host && opener !== document.body;
      ((outside && (opener as HTMLElement | null)) || view.launcher).focus();
    }
    emit("close");
  }

  function toggle() {
    if (isOpen) close();
    else open();
  }

  document.addEventListener(
    "click",
    (event) => {
      const selector = options.open_selector;
      if (selector && (event.target as Element).closest?.(selector)) {
        event.preventDefault();
        open();
      }
    },
    page,
  );
  shell.restyle();
  view.attach();
  view.label();
  whenIdle(() => page.signal.aborted || startGuest());

  return {
    open,
    close,
    toggle,
    update(changes: Partial<Options>) {
      Object.assign(options, changes);
      shell.restyle();
      guest?.onUpdate(changes);
    },
    shutdown() {
      close();
      page.abort();
      guest?.destroy();
      view.host.hidden = true;
      // The frame gets a moment to forget what is the visitor's.
      setTimeout(() => view.host.remove(), 500);
    },
  };
}

function loadLook(key: string): Partial<Look> {
  try {
    return JSON.parse(localStorage.getItem(storageKey(key)) as string).look;
  } catch {
    return {};
  }
}

/** After the host's own loading, when the browser has nothing better to do. */
function whenIdle(run: () => void): void {
  const when: typeof requestIdleCallback = window.requestIdleCallback ?? setTimeout;
  const idle = () => when(run, { timeout: 3000 });
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle);
}

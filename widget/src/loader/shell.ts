/** One booted widget as the page sees it: a launcher and a panel that opens and closes. */

import {
  type Guest,
  type Look,
  type Meet,
  type Options,
  type Shell,
  slot,
} from "../shared/shell.ts";
import { draw, LOOK } from "./view.ts";

export function boot(
  origin: string,
  options: Options,
  emit: Shell["emit"],
  askGuest: (meet: Meet) => void,
  fetch: Shell["fetch"],
) {
  const view = draw(toggle, close);
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
    dress() {
      view.dress({ ...LOOK, ...remembered(options.key), ...options });
    },
    attach: view.attach,
    speak: (words) => view.speak(words),
    load,
    open,
    close,
    dropFrame: () => view.dropFrame(),
    emit,
    fetch,
  };

  function wake() {
    if (guest) return;
    askGuest((makeGuest) => {
      if (page.signal.aborted) return;
      guest = makeGuest(shell);
      if (isOpen) guest.opened(draft);
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
      guest?.greet();
    };
  }

  function open(text?: string) {
    view.attach();
    draft = text;
    load();
    if (!isOpen) {
      opener = document.activeElement;
      isOpen = true;
      view.show(true);
      emit("open");
    }
    if (guest) guest.opened(text);
    else wake();
    if (isOpen && !options.preview) focus();
  }

  /** Escape works from the panel; in a frame that isn't ready nobody would hear it. */
  const focus = () => (view.panel.classList.contains("ready") ? view.frame : view.panel)?.focus();

  function close() {
    if (!isOpen) return;
    const inside = document.activeElement === view.host;
    isOpen = false;
    view.show(false);
    guest?.closed();
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
  shell.dress();
  view.attach();
  view.speak();
  whenIdle(() => page.signal.aborted || wake());

  return {
    open,
    close,
    toggle,
    update(changes: Partial<Options>) {
      Object.assign(options, changes);
      shell.dress();
      guest?.updated(changes);
    },
    shutdown() {
      close();
      page.abort();
      guest?.leave();
      view.host.hidden = true;
      // The frame gets a moment to forget what is the visitor's.
      setTimeout(() => view.host.remove(), 500);
    },
  };
}

function remembered(key: string): Partial<Look> {
  try {
    return JSON.parse(localStorage.getItem(slot(key)) as string).look;
  } catch {
    return {};
  }
}

/** After the host's own loading, when the browser has nothing better to do. */
function whenIdle(work: () => void): void {
  const when: typeof requestIdleCallback = window.requestIdleCallback ?? setTimeout;
  const idle = () => when(work, { timeout: 3000 });
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle);
}

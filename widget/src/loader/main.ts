/**
 * `window.Foyer(command, …)`: the page's side of the widget.
 *
 * Calls that the page made before this script arrived are in `window.Foyer.q` (see the README's
 * snippet) and run first. `data-key` on the script tag boots by itself.
 */

import type { Api, Meet, Options } from "../shared/shell.ts";
import { boot } from "./shell.ts";

declare const GUEST_SCRIPT: string;

type Listener = (detail?: unknown) => void;
const script = document.currentScript as HTMLScriptElement;
const { origin } = new URL(script.src);
const listeners: Record<string, Set<Listener>> = {};
let widget: ReturnType<typeof boot> | undefined;
let ready: unknown;
let makeGuest: Parameters<Meet>[0] | undefined;
let waiting: Meet | undefined;
let tag: HTMLScriptElement | undefined;

function emit(event: string, detail?: unknown) {
  if (event === "ready") ready = detail;
  for (const listener of listeners[event] ?? []) {
    try {
      listener(detail);
    } catch (error) {
      reportError(error);
    }
  }
}

/** Fetches the guest script, once; again after a failure. */
function askGuest(meet: Meet) {
  waiting = meet;
  if (makeGuest) return meet(makeGuest);
  if (tag) return;
  tag = document.createElement("script");
  tag.src = `${origin}/widget/${GUEST_SCRIPT}`;
  tag.onerror = () => {
    tag = undefined;
    emit("error", { code: "network" });
  };
  document.head.append(tag);
}

function tagged() {
  const { key, openSelector, launcherHidden, locale } = script.dataset;
  return {
    ...(key && { key }),
    ...(openSelector && { open_selector: openSelector }),
    ...(launcherHidden !== undefined && { launcher_hidden: launcherHidden !== "false" }),
    ...(locale && { locale }),
  };
}

const commands: Record<string, (value: never, other: never) => unknown> = {
  boot(options?: Partial<Options>) {
    const wanted = { ...tagged(), ...options };
    if (widget) widget.update({ ...options });
    else if (wanted.key) widget = boot(origin, wanted as Options, emit, askGuest);
    else emit("error", { code: "key" });
  },
  update: (options: Partial<Options>) => widget?.update({ ...options }),
  shutdown() {
    widget?.shutdown();
    widget = ready = undefined;
  },
  open: () => widget?.open(),
  close: () => widget?.close(),
  toggle: () => widget?.toggle(),
  showNewMessage: (text = "") => widget?.open(text),
  /** Answers how to stop listening. A listener for `ready` that comes late is told at once. */
  on(event: string, listener: Listener) {
    listeners[event] ??= new Set();
    listeners[event].add(listener);
    if (event === "ready" && ready) listener(ready);
    return () => listeners[event]?.delete(listener);
  },
};

const api: Api = (command, ...[value, other]) =>
  commands[command]?.(value as never, other as never);
api.meet = (guest) => {
  makeGuest = guest;
  waiting?.(guest);
};

function run() {
  const queue = [...(window.Foyer?.q ?? [])];
  window.Foyer = api;
  if (script.dataset.key && !queue.some(([command]) => command === "boot")) api("boot");
  for (const call of queue) api(...call);
}

if (!window.Foyer?.meet) {
  if (document.body) run();
  else addEventListener("DOMContentLoaded", run);
}

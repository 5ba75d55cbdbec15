/**
 * `window.Foyer(command, …)`: the page's side of the widget.
 *
 * Calls that the page made before this script arrived are in `window.Foyer.q` (see the README's
 * snippet) and run first. `data-key` on the script tag boots by itself. Whatever a call is given,
 * the page's code never gets an exception from here: it is told by an `error` event.
 */

import type { Api, ErrorCode, FetchScript, GuestCallback, Options } from "../shared/shell.ts";
import { boot } from "./shell.ts";

declare const GUEST_SCRIPT: string;

type Listener = (detail?: unknown) => void;
/** Asked past the page's elements: an image of that name would say where our code comes from. */
const script = Reflect.get(
  Document.prototype,
  "currentScript",
  document,
) as unknown as HTMLScriptElement;
const { origin } = new URL(script.src);
const listeners = new Map<unknown, Set<Listener>>();
let widget: ReturnType<typeof boot> | undefined;
let ready: unknown;
let createGuest: Parameters<GuestCallback>[0] | undefined;
let guestCallback: GuestCallback | undefined;
let isGuestRequested = false;
let policy: { createScriptURL(name: string): string } | undefined;

function emit(event: string, detail?: unknown) {
  if (event === "ready") ready = detail;
  for (const listener of [...(listeners.get(event) ?? [])]) notify(listener, detail);
}

function notify(listener: Listener, detail: unknown) {
  try {
    listener(detail);
  } catch (error) {
    reportError(error);
  }
}

const emitError = (code: ErrorCode, field?: string) => emit("error", { code, field });

/** Fetches the guest script, once; again after a failure. */
function loadGuest(meet: GuestCallback) {
  guestCallback = meet;
  if (createGuest) return meet(createGuest);
  if (isGuestRequested) return;
  isGuestRequested = true;
  fetchScript(GUEST_SCRIPT, Object, (code) => {
    isGuestRequested = false;
    widget?.close();
    emitError(code);
  });
}

const fetchScript: FetchScript = (name, onLoad, onError) => {
  const tag = document.createElement("script");
  tag.onload = onLoad;
  tag.onerror = () => onError("network");
  try {
    tag.src = trustedUrl(name);
  } catch {
    return onError("trusted_types");
  }
  document.documentElement.append(tag);
};

const scriptUrl = (name: string) => `${origin}/widget/assets/${name}`;

/** An address as pages that require trusted types want it, where they let us. */
function trustedUrl(name: string): string {
  try {
    policy ??= window.trustedTypes?.createPolicy("foyer", { createScriptURL: scriptUrl });
  } catch {}
  return policy?.createScriptURL(name) ?? scriptUrl(name);
}

function readTagOptions() {
  const { key, openSelector, launcherHidden, locale } = script.dataset;
  return readOptions({
    key,
    open_selector: openSelector,
    launcher_hidden: launcherHidden === undefined ? launcherHidden : launcherHidden !== "false",
    locale,
  });
}

const TYPES: Record<keyof Options, string> = {
  key: "string",
  open_selector: "string",
  locale: "string",
  colour: "string",
  position: "string",
  theme: "string",
  launcher_hidden: "boolean",
  identity: "object",
  preview: "object",
};

/** As much of what the page gives as is of the right type. */
function readOptions(given: unknown): Partial<Options> {
  const result: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(TYPES)) {
    let value: unknown = readOptions;
    try {
      value = Object(given)[name];
    } catch {
      // A getter of the page's failed.
    }
    if (typeof value === type) result[name] = value;
    else if (value !== undefined) emitError("option.ignored", name);
  }
  return result;
}

const commands: Record<string, (value: never, other: never) => unknown> = {
  __proto__: null as never,
  boot(given: unknown) {
    const options = readOptions(given);
    const bootOptions = { ...readTagOptions(), ...options };
    if (widget) widget.update(options);
    else if (bootOptions.key)
      widget = boot(origin, bootOptions as Options, emit, loadGuest, fetchScript);
    else emitError("key");
  },
  update: (given: unknown) => widget?.update(readOptions(given)),
  shutdown() {
    widget?.shutdown();
    widget = ready = undefined;
  },
  open: () => widget?.open(),
  close: () => widget?.close(),
  toggle: () => widget?.toggle(),
  showNewMessage: (text: unknown) => widget?.open(typeof text === "string" ? text : ""),
  /** Answers how to stop listening. A listener for `ready` that comes late is told at once. */
  on(event: string, listener: Listener) {
    if (typeof listener !== "function") emitError("command", "on");
    else {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      if (event === "ready" && ready) notify(listener, ready);
    }
    return () => listeners.get(event)?.delete(listener);
  },
};

const api: Api = (command, value?: unknown, other?: unknown) => {
  try {
    const run = commands[command];
    if (run) return run(value as never, other as never);
  } catch {
    // Told below.
  }
  emitError("command", command);
};
api.onGuest = (guest) => {
  createGuest = guest;
  guestCallback?.(guest);
};

/** Whatever is there, as an array. (MooTools and Prototype make `Array.from` something else.) */
const toArray = (things: unknown): unknown[] => [].slice.call(Object(things));

function run() {
  let calls: unknown[][] = [];
  try {
    calls = toArray(window.Foyer?.q).map(toArray);
  } catch {}
  window.Foyer = api;
  if (script.dataset.key && !calls.some(([command]) => command === "boot")) api("boot");
  for (const [command, ...values] of calls) api(command as string, ...values);
}

if (!window.Foyer?.onGuest) {
  if (document.body) run();
  else addEventListener("DOMContentLoaded", run);
}

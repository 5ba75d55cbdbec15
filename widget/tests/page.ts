/** A host's page around the loader and the guest script, with a server that answers as told. */

import { vi } from "vitest";
import { FakeSocket } from "../../protocol/tests/network.ts";
import type { Api } from "../src/shared/shell.ts";

export const ORIGIN = "https://foyer.example";
type Body = Record<string, unknown>;

export interface HostPage {
  foyer: Api;
  /** Requests by path, in order. */
  asked: { path: string; body: Body }[];
  heard: [event: string, detail: unknown][];
  root(): ShadowRoot;
  launcher(): HTMLButtonElement;
}

const CONFIG = {
  workspace_name: "Kiln & Ash",
  presence: true,
  presence_seconds: 60,
  colour: "#0e7c66",
  position: "left",
  greeting: "Hi",
  intro: "",
  reply_expectation: "",
  launcher_hidden: false,
  theme: "auto",
  team: [],
};

let visitors = 0;

/** What the server answers to a session; a status makes it a problem. */
export function session(body: Body, changes: Body = {}) {
  visitors += 1;
  return {
    token: "t",
    expires_in: 3600,
    visitor_id: `vis_${body.visitor_secret ?? visitors}`,
    visitor_secret: body.visitor_secret ?? `${visitors}`,
    contact_id: null,
    verified: false,
    config: CONFIG,
    broadcasts: [],
    unread: 0,
    ignored: [],
    ...changes,
  };
}

export interface Setting {
  /** Attributes of the script tag, `data-` left out. */
  data?: Record<string, string>;
  /** Calls that the page made before the loader arrived. */
  queue?: [string, ...unknown[]][];
  answer?: (path: string, body: Body) => { status?: number; body?: unknown };
}

/** Loads the loader anew, as a page's script tag does; the guest script comes when it is asked for. */
export async function load({ data = {}, queue = [], answer }: Setting = {}): Promise<HostPage> {
  vi.resetModules();
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("visualViewport", new EventTarget());
  const page: HostPage = {
    asked: [],
    heard: [],
    foyer: () => undefined,
    root: () => document.querySelector("foyer-widget")?.shadowRoot as ShadowRoot,
    launcher: () => page.root().getElementById("launcher") as HTMLButtonElement,
  };
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const path = url.replace(ORIGIN, "");
    const body = init.body ? JSON.parse(String(init.body)) : {};
    page.asked.push({ path, body });
    const told = answer?.(path, body) ?? {};
    const normal = path.endsWith("/session")
      ? session(body)
      : path.endsWith("/socket-tickets")
        ? { ticket: "k", url: "wss://x", expires_in: 30 }
        : { data: [], next_cursor: null };
    return new Response(JSON.stringify(told.body ?? normal), { status: told.status ?? 200 });
  });
  const tag = document.createElement("script");
  Object.assign(tag.dataset, data);
  Object.defineProperty(tag, "src", { value: `${ORIGIN}/widget/loader.js` });
  Object.defineProperty(Document.prototype, "currentScript", { value: tag, configurable: true });
  const events = ["ready", "open", "close", "unread", "message", "error"];
  const listening = events.map((event): [string, ...unknown[]] => [
    "on",
    event,
    (detail: unknown) => page.heard.push([event, detail]),
  ]);
  const stub = Object.assign(() => undefined, {
    q: Array.isArray(queue) ? [...listening, ...queue] : queue,
  });
  window.Foyer = stub;
  await import("../src/loader/main.ts");
  page.foyer = window.Foyer as Api;
  await vi.waitFor(() => {
    if (page.root() && !document.querySelector("script[src*=guest]")) throw new Error("not yet");
  });
  if (page.root()) await import("../src/guest/main.ts");
  return page;
}

export function leave() {
  window.Foyer?.("shutdown");
  delete window.Foyer;
  document.querySelector("foyer-widget")?.remove();
  for (const tag of document.querySelectorAll("html > script")) tag.remove();
  document.head.replaceChildren();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
}

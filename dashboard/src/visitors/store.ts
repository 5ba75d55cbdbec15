/** Present visitors as signals, followed while some part of the page shows them. */

import type { Page, Visitor } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { follow, onFrame, onGap } from "../core/live";
import { explain } from "../core/problems";
import { http } from "../core/session";
import { apply, fromList, type Visitors } from "./model";

const MOST_PAGES = 10;
/** How long one `visitors.changed` stands for what isn't told singly, ms. */
const CROWD_SETTLES = 6_000;

const visitors = signal<Visitors>({});
const state = signal<"loading" | "ready" | "failed">("loading");
const why = signal("");
const more = signal(false);
let watchers = 0;
let soon = 0;
let stopWatching: (() => void) | null = null;

export const known = computed(() => visitors.value);
/** Whether there are more than are known here. */
export const moreThanKnown = computed(() => more.value);
export const visitorsState = computed(() => state.value);
export const visitorsFailure = computed(() => why.value);
/** Now, each second, while somebody watches: for running times and expiry. */
export const secondNow = signal(Date.now());

/** Keep the visitors true until the answer is called. */
export function watchVisitors(): () => void {
  watchers += 1;
  if (watchers === 1) stopWatching = begin();
  return () => {
    watchers -= 1;
    if (watchers > 0) return;
    stopWatching?.();
    stopWatching = null;
  };
}

export async function loadVisitors(): Promise<void> {
  try {
    const all: Visitor[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer: Page<Visitor> = await http.get("/v1/visitors", { limit: 100, cursor });
      all.push(...answer.data);
      cursor = answer.next_cursor;
      if (!cursor) break;
    }
    visitors.value = fromList(all);
    more.value = cursor !== null;
    state.value = "ready";
  } catch (error) {
    why.value = explain(error);
    if (state.value === "loading") state.value = "failed";
  }
}

export function retryVisitors(): void {
  state.value = "loading";
  void loadVisitors();
}

/** When what the frame stands for is over: the next one comes no sooner than that. */
function loadSoon(): void {
  soon ||= window.setTimeout(() => {
    soon = 0;
    void loadVisitors();
  }, CROWD_SETTLES);
}

function begin(): () => void {
  void loadVisitors();
  secondNow.value = Date.now();
  const ticker = setInterval(() => {
    secondNow.value = Date.now();
  }, 1000);
  const stops = [
    follow("visitors"),
    onFrame((frame) => {
      if (frame.type === "visitors.changed") loadSoon();
      else visitors.value = apply(visitors.value, frame);
    }),
    onGap(() => void loadVisitors()),
  ];
  return () => {
    clearInterval(ticker);
    clearTimeout(soon);
    soon = 0;
    for (const stop of stops) stop();
    visitors.value = {};
    state.value = "loading";
  };
}

/** Present visitors as signals, followed while some part of the page shows them. */

import type { Visitor } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { collection } from "../core/collection";
import { onFrame, subscribe } from "../core/live";
import { http } from "../core/session";
import { fold, PRESENT } from "./model";

const PAGE = 100;
const MOST_PAGES = 10;
/** How long one `visitors.changed` stands for what isn't told singly, ms. */
const CROWD_INTERVAL = 6_000;

const visitors = collection<Visitor, null>({
  fetchPage: (_, cursor) => http.get("/v1/visitors", { limit: PAGE, cursor }),
  listing: () => PRESENT,
  fold,
  listActiveFilters: () => [null],
  pagesAtOnce: MOST_PAGES,
});
let watchers = 0;
let refetchTimer = 0;
let stopWatching: (() => void) | null = null;

/** Everybody who was there; who still is, the moment decides. */
export const visitorList = computed(() => visitors.list(null));
/** Now, each second, while somebody watches: for running times and expiry. */
export const secondNow = signal(Date.now());

/** Keep the visitors true until the answer is called. */
export function watchVisitors(): () => void {
  watchers += 1;
  if (watchers === 1) stopWatching = start();
  return () => {
    watchers -= 1;
    if (watchers > 0) return;
    stopWatching?.();
    stopWatching = null;
  };
}

export function loadVisitors(): void {
  void visitors.loadMore(null);
}

/** When what the frame stands for is over: the next one comes no sooner than that. */
function refetchSoon(): void {
  refetchTimer ||= window.setTimeout(() => {
    refetchTimer = 0;
    void visitors.refetch();
  }, CROWD_INTERVAL);
}

function start(): () => void {
  secondNow.value = Date.now();
  const ticker = setInterval(() => {
    secondNow.value = Date.now();
  }, 1000);
  const stops = [
    visitors.start(),
    subscribe("visitors"),
    onFrame((frame) => frame.type === "visitors.changed" && refetchSoon()),
  ];
  loadVisitors();
  return () => {
    clearInterval(ticker);
    clearTimeout(refetchTimer);
    refetchTimer = 0;
    for (const stop of stops) stop();
  };
}

/** Fetches and starts what belongs to the modules rather than to one of their screens. */

import { loadWithTexts, prefetchTexts } from "../core/messages";
import type { Start } from "../core/module";
import { explainMissing } from "../core/release";
import { place } from "../core/router";
import { toast } from "../ui/Toast";
import { loadPart } from "./Lazy";
import { modules } from "./modules";
import { findOuterRoute, findRoute, isShellVisible, signInRoute } from "./routes";

/** Begin to fetch what the address at hand needs, before anything is drawn. */
export function prefetch(): void {
  const { path } = place.value;
  const found = isShellVisible() ? findRoute(path) : findOuterRoute(path);
  const parts: Promise<unknown>[] = found ? [loadPart(found.route.load)] : [];
  if (isShellVisible()) parts.push(...loadStarts());
  const upcoming = modules.filter(
    (one) => (found && one.routes.includes(found.route)) || one.start,
  );
  prefetchTexts(upcoming.flatMap((one) => one.messages ?? []));
  if (isShellVisible()) whenIdle(prefetchSignIn);
  // Who draws or starts it says what is to be said when it can't be had.
  for (const part of parts) part.catch(() => undefined);
}

/** Where one signs in is there by the time one signs out, also when the network is away then. */
function prefetchSignIn(): void {
  if (signInRoute) loadPart(signInRoute.load).catch(() => undefined);
}

/** Safari has no `requestIdleCallback`. */
function whenIdle(run: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(run);
  else setTimeout(run, 2000);
}

/** Have every module begin what goes on while somebody is signed in. Answers how to stop. */
export function startModules(): () => void {
  const stops: (() => void)[] = [];
  let isOver = false;
  for (const start of loadStarts()) {
    start.then(
      ({ default: begin }) => !isOver && stops.push(begin()),
      async () => toast({ text: await explainMissing(), tone: "danger" }),
    );
  }
  return () => {
    isOver = true;
    for (const stop of stops) stop();
  };
}

function loadStarts(): Promise<{ default: Start }>[] {
  return modules.flatMap(({ start }) => (start ? loadWithTexts(start()) : []));
}

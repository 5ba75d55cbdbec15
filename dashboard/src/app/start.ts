/** Fetches and starts what belongs to the modules rather than to one of their screens. */

import { loadWithTexts } from "../core/messages";
import type { Start } from "../core/module";
import { prefetchAnswer } from "../core/prefetch";
import { explainMissing } from "../core/release";
import { place } from "../core/router";
import { session } from "../core/session";
import { toast } from "../ui/Toast";
import { isShellVisible } from "./guard";
import { loadPart } from "./Lazy";
import { parts } from "./parts";
import { findFirstRoute, partsOf, signInRoute } from "./routes";

/** Begin to take in the page that the first file asked for, and ask for what it shows. */
export function loadFirstPage(): void {
  const found = findFirstRoute(place.value.path, session.value !== null);
  if (!found) return;
  const answers = isShellVisible() ? (partsOf(found.route)?.answers?.(place.value) ?? []) : [];
  // Who draws it says what is to be said when it can't be had.
  const page = Promise.allSettled([loadPart(found.route.load), ...answers.map(prefetchAnswer)]);
  // Nothing else takes of a narrow line what the first page waits for.
  if (isShellVisible()) page.then(() => whenIdle(prefetchSignIn));
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
  return parts.flatMap(({ start }) => (start ? loadWithTexts(start()) : []));
}

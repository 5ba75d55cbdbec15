/** Asks for what the address at hand needs, before the code is here that draws it. */

import { readPlace } from "../core/paths";
import { languageFor, readLanguage, readSession } from "../core/storage";
import { fetchTexts } from "../languages";
import { parts } from "./parts";
import { findFirstRoute, partsOf } from "./routes";

/** One catalogue of those that every page needs: they come in one file. */
const EVERYWHERE = "app";

export function prefetch(): void {
  const mine = readSession();
  const language = languageFor(mine, readLanguage());
  ignoreFailures([fetchTexts(language, EVERYWHERE)]);
  // A moment later: where few files come at a time, those texts are the first.
  queueMicrotask(() => {
    const found = findFirstRoute(readPlace().path, mine !== null);
    const isInside = mine !== null && !found?.route.access;
    const starting = parts.filter((one) => isInside && one.start);
    const texts = [found && partsOf(found.route), ...starting].flatMap(
      (one) => one?.messages ?? [],
    );
    ignoreFailures(starting.map((one) => one.start?.()));
    ignoreFailures([found?.route.load(), ...texts.map((module) => fetchTexts(language, module))]);
  });
}

/** Who draws or starts something says what is to be said when it can't be had. */
function ignoreFailures(promises: readonly (Promise<unknown> | undefined)[]): void {
  for (const one of promises) one?.catch(() => undefined);
}

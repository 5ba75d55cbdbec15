/**
 * Answers that the first page needs, asked for before the code is here that reads them: else its
 * screen would come first, and only then what is on it.
 */

import { computed, effect } from "@preact/signals";
import type { Get } from "./module";
import { http, session } from "./session";

/** What nobody has taken by then isn't true enough any more; ms. */
const LIFE_MS = 10_000;

const prefetched = new Map<string, Promise<unknown>>();

/** Ask for what {@link fetchAnswer} is about to want. Resolves once it is here; rejects with a Problem. */
export function prefetchAnswer(get: Get): Promise<unknown> {
  const answer = http.get(get.path, get.query);
  prefetched.set(keyOf(get), answer);
  setTimeout(() => prefetched.delete(keyOf(get)), LIFE_MS);
  return answer;
}

/** The answer that was asked for ahead, once; else ask now. Raises Problem. */
export function fetchAnswer<T>(get: Get): Promise<T> {
  const answer = prefetched.get(keyOf(get)) as Promise<T> | undefined;
  prefetched.delete(keyOf(get));
  return answer ?? http.get(get.path, get.query);
}

function keyOf({ path, query }: Get): string {
  return JSON.stringify([path, query]);
}

const person = computed(() => `${session.value?.workspace.id} ${session.value?.user.id}`);
effect(() => {
  // Nobody gets what somebody else was told.
  if (person.value) prefetched.clear();
});

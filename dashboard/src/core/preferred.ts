/** Which language somebody wants: chosen in their profile, else on this device, else their browser's. */

import { computed, effect, signal } from "@preact/signals";
import { bestOf } from "../languages";
import { language, speak } from "./messages";
import { session } from "./session";

const KEY = "foyer.language";

const remembered = signal(load());
const wanted = computed(() => {
  const mine = session.value;
  const chosen = mine ? mine.user.language : remembered.value;
  return bestOf([...(chosen ? [chosen] : []), ...navigator.languages]);
});
const late = signal(false);

/** What is spoken to whoever has chosen nothing. */
export function browserLanguage(): string {
  return bestOf(navigator.languages);
}

/** Whether the wanted language is on its way: nothing new is drawn in the former one meanwhile. */
export const isChanging = computed(() => !late.value && language.value !== wanted.value);

/** Speak what is wanted, now and whenever that changes. Resolves once the first texts are here. */
export async function startLanguage(): Promise<void> {
  await speak(wanted.value);
  effect(() => {
    const mine = session.value;
    if (mine) remember(mine.user.language ?? null);
  });
  effect(() => {
    late.value = false;
    speak(wanted.value).catch(() => {
      // Out of reach: the former language goes on until the next time.
      late.value = true;
    });
  });
}

/** What was chosen is spoken here before the next sign-in, too. */
function remember(chosen: string | null): void {
  remembered.value = chosen;
  try {
    if (chosen) localStorage.setItem(KEY, chosen);
    else localStorage.removeItem(KEY);
  } catch {
    // storage may be forbidden: the browser's language greets then
  }
}

function load(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

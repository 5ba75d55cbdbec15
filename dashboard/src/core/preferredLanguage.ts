/** Speaks the language that somebody wants, also when that changes. */

import { computed, effect, signal } from "@preact/signals";
import { bestLanguage, SOURCE } from "../languages";
import { language, setLanguage } from "./messages";
import { session } from "./session";
import { LANGUAGE_KEY, languageFor, readLanguage } from "./storage";

const storedLanguage = signal(readLanguage());
const preferredLanguage = computed(() => languageFor(session.value, storedLanguage.value));
const hasFailed = signal(false);

/** What is spoken to whoever has chosen nothing. */
export function browserLanguage(): string {
  return bestLanguage(navigator.languages);
}

/** Whether the wanted language is on its way: nothing new is drawn in the former one meanwhile. */
export const isLanguageChanging = computed(
  () => !hasFailed.value && language.value !== preferredLanguage.value,
);

/**
 * Speak what is wanted, now and whenever that changes; English where that can't be had. Resolves
 * once the first texts are here.
 */
export async function startLanguage(): Promise<void> {
  await setLanguage(preferredLanguage.value).catch(() => setLanguage(SOURCE));
  effect(() => {
    const mine = session.value;
    if (mine) saveLanguage(mine.user.language ?? null);
  });
  effect(() => {
    hasFailed.value = false;
    setLanguage(preferredLanguage.value).catch(() => {
      // Out of reach: the former language goes on until the next time.
      hasFailed.value = true;
    });
  });
}

/** What was chosen is spoken here before the next sign-in, too. */
function saveLanguage(chosen: string | null): void {
  storedLanguage.value = chosen;
  try {
    if (chosen) localStorage.setItem(LANGUAGE_KEY, chosen);
    else localStorage.removeItem(LANGUAGE_KEY);
  } catch {
    // storage may be forbidden: the browser's language greets then
  }
}

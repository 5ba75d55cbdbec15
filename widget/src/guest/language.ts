/** The visitor's language: what the page says, else the browser's. */

import type { Shell } from "../shared/shell.ts";
import { canonicalLocale, fetchCatalogue } from "./languages.ts";

export type Language = ReturnType<typeof createLanguage>;

/** @param onChange Told when another language is spoken, the first included. */
export function createLanguage({ origin, options, root }: Shell, onChange: () => void) {
  const language = {
    /** What the visitor wants. */
    locale: "",
    /** What they get, once that is known: English where there are no words of their language. */
    activeLocale: "",
    /** Those that are missing are English. */
    words: {} as Record<string, string>,
    /** Looks again at what the page says. */
    async update() {
      const wantedLocale =
        canonicalLocale(options.locale || "") || canonicalLocale(navigator.language) || "en";
      if (wantedLocale === language.locale) return;
      language.locale = wantedLocale;
      const words = await fetchCatalogue(`${origin}/widget/`, wantedLocale);
      if (wantedLocale !== language.locale) return;
      language.words = words ?? {};
      language.activeLocale = words || /^en\b/.test(wantedLocale) ? wantedLocale : "en";
      (root.host as HTMLElement).lang = language.activeLocale;
      onChange();
    },
  };
  return language;
}

/** The visitor's language: what the page says, else the browser's. */

import type { Shell } from "../shared/shell.ts";
import { canonical, catalogueOf } from "./languages.ts";

export type Language = ReturnType<typeof languageOf>;

/** @param changed Told when another language is spoken, the first included. */
export function languageOf({ origin, options, root }: Shell, changed: () => void) {
  const language = {
    /** What the visitor wants. */
    locale: "",
    /** What they get, once that is known: English where there are no words of their language. */
    spoken: "",
    /** Those that are missing are English. */
    words: {} as Record<string, string>,
    /** Looks again at what the page says. */
    async choose() {
      const wanted = canonical(options.locale || "") || canonical(navigator.language) || "en";
      if (wanted === language.locale) return;
      language.locale = wanted;
      const words = await catalogueOf(`${origin}/widget/`, wanted);
      if (wanted !== language.locale) return;
      language.words = words ?? {};
      language.spoken = words || /^en\b/.test(wanted) ? wanted : "en";
      (root.host as HTMLElement).lang = language.spoken;
      changed();
    },
  };
  return language;
}

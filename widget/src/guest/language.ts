/** The visitor's language: what the page says, else the browser's. */

import type { Shell } from "../shared/shell.ts";
import { canonical, catalogueOf } from "./languages.ts";

interface Speaker {
  /** Takes these words; English where there are none. */
  speak(words: Record<string, string>): void;
}

export function languageOf(shell: Shell, speakers: Speaker[]) {
  const { origin, options, root } = shell;
  let locale = "";
  let spoken: { locale: string; words: Record<string, string> } | undefined;

  return {
    /** What the visitor wants. */
    get locale() {
      return locale;
    },
    /** What they get, once that is known: English where there are no words of their language. */
    get spoken() {
      return spoken;
    },
    /** Looks again at what the page says. */
    async choose() {
      const wanted = canonical(options.locale || "") || canonical(navigator.language) || "en";
      if (wanted === locale) return;
      locale = wanted;
      const words = await catalogueOf(`${origin}/widget/`, wanted);
      if (wanted !== locale) return;
      spoken = { locale: words || /^en\b/.test(wanted) ? wanted : "en", words: words ?? {} };
      (root.host as HTMLElement).lang = spoken.locale;
      for (const each of speakers) each.speak(spoken.words);
    },
  };
}

/** The visitor's language: what the page says, else the browser's. */

import { canonical, catalogueOf } from "../shared/languages.ts";
import type { Shell } from "../shared/shell.ts";

interface Speaker {
  /** Takes these words; English where there are none. */
  speak(words: Record<string, string>): void;
}

export function languageOf(shell: Shell, speakers: Speaker[], changed: (locale: string) => void) {
  const { origin, options, root } = shell;
  let locale = "";

  return {
    get locale() {
      return locale;
    },
    /** Looks again at what the page says. */
    async choose() {
      const wanted = canonical(options.locale || "") || canonical(navigator.language) || "en";
      if (wanted === locale) return;
      locale = wanted;
      changed(locale);
      const words = await catalogueOf(`${origin}/widget/`, wanted);
      if (wanted !== locale) return;
      for (const each of speakers) each.speak(words ?? {});
      (root.host as HTMLElement).lang = words ? locale : "en";
    },
  };
}

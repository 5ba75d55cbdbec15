/** A language that nobody speaks: shows what isn't translated, and what breaks by longer words. */

import { type Catalogue, isPlural } from "./catalogue";

const ACCENTED: Record<string, string> = {
  ...{ a: "á", c: "ç", e: "é", i: "í", n: "ñ", o: "ö", s: "š", u: "ü", y: "ý", z: "ž" },
  ...{ A: "Á", C: "Ç", E: "É", I: "Í", N: "Ñ", O: "Ö", S: "Š", U: "Ü", Y: "Ý", Z: "Ž" },
};
/** As much longer is each word than in English: more than in German. */
const LONGER = 0.4;

/** The same catalogue, each text in brackets, each word accented and two fifths longer. */
export function toPseudo(texts: Catalogue): Catalogue {
  return Object.fromEntries(
    Object.entries(texts).map(([key, entry]) => [
      key,
      typeof entry === "string"
        ? lengthen(entry)
        : isPlural(entry)
          ? Object.fromEntries(Object.entries(entry).map(([form, text]) => [form, lengthen(text)]))
          : toPseudo(entry),
    ]),
  );
}

function lengthen(text: string): string {
  const words = text.replace(/\{\w+\}|\p{L}+/gu, (word) =>
    word.startsWith("{") ? word : accent(word) + "~".repeat(Math.ceil(word.length * LONGER)),
  );
  return `⟦${words}⟧`;
}

function accent(word: string): string {
  return word.replace(/./gu, (letter) => ACCENTED[letter] ?? letter);
}

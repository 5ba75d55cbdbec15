/** A language that nobody speaks: shows what isn't translated, and what breaks by longer words. */

import { type Catalogue, isPlural } from "./catalogue";

const ACCENTED: Record<string, string> = {
  ...{ a: "á", c: "ç", e: "é", i: "í", n: "ñ", o: "ö", s: "š", u: "ü", y: "ý", z: "ž" },
  ...{ A: "Á", C: "Ç", E: "É", I: "Í", N: "Ñ", O: "Ö", S: "Š", U: "Ü", Y: "Ý", Z: "Ž" },
};
/** As much longer than English as German is at its worst. */
const LONGER = 0.4;

/** The same catalogue, each text in brackets, accented and two fifths longer. */
export function disguise(texts: Catalogue): Catalogue {
  return Object.fromEntries(
    Object.entries(texts).map(([key, entry]) => [
      key,
      typeof entry === "string"
        ? longer(entry)
        : isPlural(entry)
          ? Object.fromEntries(Object.entries(entry).map(([form, text]) => [form, longer(text)]))
          : disguise(entry),
    ]),
  );
}

function longer(text: string): string {
  const accented = text.replace(/\{\w+\}|./gsu, (piece) => ACCENTED[piece] ?? piece);
  return `⟦${accented}${"~".repeat(Math.ceil(text.length * LONGER))}⟧`;
}

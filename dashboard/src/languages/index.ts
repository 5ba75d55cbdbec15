/** The languages that there are: one folder of `src/languages` each, whose name is its BCP 47 tag. */

import type { Catalogue, LocaleInfo } from "./catalogue";

const EVERYWHERE = import.meta.glob<Record<string, Catalogue>>("./*/everywhere.ts");
const OWN = import.meta.glob<{ default: Catalogue }>([
  "./*/*.ts",
  "!./*/{everywhere,app,core,places,problems}.ts",
]);
export const SOURCE = "en";
/** For tests alone: accented and longer, and the same from right to left (CLDR's pseudo-locales). */
const PSEUDO = ["en-XA", "ar-XB"];

/** What may be chosen, in the order of the languages' own names. */
export const languages: readonly string[] = [
  ...Object.keys(EVERYWHERE).map((path) => path.split("/")[1] ?? SOURCE),
].sort((a, b) => ownName(a).localeCompare(ownName(b)));

/** "Deutsch" for "de", as whoever speaks it calls it. */
export function ownName(language: string): string {
  return new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
}

/** The first of some tags that there is a language for: `de-AT` is understood in `de`. */
export function bestLanguage(tags: readonly string[]): string {
  const all = [...languages, ...PSEUDO];
  for (const tag of tags) {
    const found = all.find((one) => one === tag) ?? all.find((one) => one === baseLanguage(tag));
    if (found) return found;
  }
  return SOURCE;
}

function baseLanguage(tag: string): string {
  return tag.split(/[-_@.]/u)[0] ?? tag;
}

/** How a language is written for a reader whose browser asks for `tags`: English as in Ireland. */
export function localeInfoOf(language: string, tags: readonly string[]): LocaleInfo {
  const base = baseLanguage(language);
  const isRegional = (tag: string) => baseLanguage(tag) === base && tag !== base && isTag(tag);
  const locale = tags.find(isRegional) ?? base;
  return { locale, rtl: ["ar", "fa", "he", "ur"].includes(base) };
}

/** Some systems' browsers name languages as `Intl` doesn't take them: `en-US@posix`, `de_AT`. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

/** One module's texts; rejects where they can't be fetched. */
export async function fetchTexts(language: string, module: string): Promise<Catalogue> {
  const isPseudo = PSEUDO.includes(language);
  const folder = `./${isPseudo ? SOURCE : language}`;
  const own = OWN[`${folder}/${module}.ts`];
  const texts = own
    ? (await own()).default
    : (await EVERYWHERE[`${folder}/everywhere.ts`]?.())?.[module];
  if (!texts) throw new Error(`no texts of ${module} in ${language}`);
  return isPseudo ? (await import("./pseudo")).toPseudo(texts) : texts;
}

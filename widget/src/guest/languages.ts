/** Languages that have a catalogue under `locales/`, beside the loader. English is built in. */
const LANGUAGES = /^(ar|de|es|fr|ja)\b/;

/**
 * A BCP 47 tag from one, or from how POSIX and WordPress write it (`de_AT.UTF-8`): "" for what
 * is no locale.
 */
export function canonicalLocale(locale: string): string {
  const tag = locale
    .trim()
    .replace(/[.@].*/, "")
    .replace(/_/g, "-");
  try {
    return (/^[a-z]{2,3}\b/i.test(tag) && Intl.getCanonicalLocales(tag)[0]) || "";
  } catch {
    return "";
  }
}

/**
 * The catalogue of a language (word → text), null when there is none or it can't be had.
 *
 * @param base Where the widget's files are, with a trailing slash.
 */
export async function fetchCatalogue(
  base: string,
  locale: string,
): Promise<Record<string, string> | null> {
  const [language] = LANGUAGES.exec(locale) ?? [];
  if (!language) return null;
  try {
    return await (await fetch(`${base}locales/${language}.json`)).json();
  } catch {
    return null;
  }
}

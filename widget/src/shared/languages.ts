/** Languages that have a catalogue under `locales/`, beside the loader. English is built in. */
const LANGUAGES = /^(ar|de|es|fr|ja)\b/;

/**
 * The catalogue of a language (word → text), null when there is none or it can't be had.
 *
 * @param base Where the widget's files are, with a trailing slash.
 */
export async function catalogueOf(
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

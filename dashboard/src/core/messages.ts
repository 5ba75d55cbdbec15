/**
 * The texts of the language that is spoken now.
 *
 * A module says once whose texts it needs (`textsOf`), and by that they are fetched whenever
 * `setLanguage` is called: before the first page is drawn, and before a page that came later is. What a
 * component reads while it draws, it draws anew when another language is spoken.
 */

import { computed, effect, signal } from "@preact/signals";
import { fetchTexts, localeInfoOf } from "../languages";
import { compileCatalogue, type LocaleInfo, type Texts } from "../languages/catalogue";
import type english from "../languages/en/core";
import { keyNames } from "../ui/Kbd";

type LoadedTexts = Readonly<Record<string, Record<string, unknown>>>;

interface ActiveLanguage {
  language: string;
  localeInfo: LocaleInfo;
  texts: LoadedTexts;
}

const neededModules = new Set<string>();
const loadedTexts = new Map<string, LoadedTexts>();
const active = signal<ActiveLanguage>({
  language: "",
  localeInfo: { locale: "en", rtl: false },
  texts: {},
});
let requestedLanguage = "";

/** The language that is spoken now: the name of its folder. */
export const language = computed(() => active.value.language);
/** For `Intl`: the language with the reader's region. */
export const locale = computed(() => active.value.localeInfo.locale);

/** A module's texts, to be read while drawing: `const m = textsOf<typeof english>("contacts")`. */
export function textsOf<English>(module: string): Texts<English> {
  neededModules.add(module);
  return new Proxy({} as Texts<English>, {
    get: (_, key) => active.value.texts[module]?.[key as string],
  });
}

/**
 * Fetch what isn't here yet of a language, then speak it, all at once. Rejects when it can't be:
 * then the former one goes on, also for what comes later.
 */
export async function setLanguage(next: string = requestedLanguage): Promise<void> {
  requestedLanguage = next;
  const localeInfo = localeInfoOf(next, navigator.languages);
  try {
    await fetchMissing(next, localeInfo);
  } catch (error) {
    if (requestedLanguage === next) requestedLanguage = language.value || next;
    throw error;
  }
  // Somebody may have asked for another one meanwhile.
  if (requestedLanguage === next)
    active.value = { language: next, localeInfo, texts: loadedTexts.get(next) ?? {} };
}

async function fetchMissing(next: string, localeInfo: LocaleInfo): Promise<void> {
  for (let missing = listMissing(next); missing.length > 0; missing = listMissing(next)) {
    const found = await Promise.all(
      missing.map(async (module) => [
        module,
        compileCatalogue(await fetchTexts(next, module), localeInfo),
      ]),
    );
    loadedTexts.set(next, { ...loadedTexts.get(next), ...Object.fromEntries(found) });
  }
}

/** Something that came late, once its texts are here as well, in the former language if need be. */
export async function loadWithTexts<Loaded>(loading: Promise<Loaded>): Promise<Loaded> {
  const loaded = await loading;
  await setLanguage().catch(() => setLanguage());
  return loaded;
}

function listMissing(next: string): string[] {
  const texts = loadedTexts.get(next) ?? {};
  return [...neededModules].filter((module) => !(module in texts));
}

/** What every page says. */
export const common = textsOf<typeof english>("core");

effect(() => {
  if (!language.value) return;
  keyNames.value = common.keys;
  document.documentElement.lang = language.value;
  document.documentElement.dir = active.value.localeInfo.rtl ? "rtl" : "ltr";
});

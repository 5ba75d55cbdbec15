/**
 * The texts of the language that is spoken now.
 *
 * A module says once whose texts it needs (`textsOf`), and by that they are fetched whenever
 * `speak` is called: before the first page is drawn, and before a page that came later is. What a
 * component reads while it draws, it draws anew when another language is spoken.
 */

import { computed, effect, signal } from "@preact/signals";
import { fetchTexts, writingOf } from "../languages";
import { prepare, type Texts, type Writing } from "../languages/catalogue";
import type english from "../languages/en/core";
import { keyNames } from "../ui/Kbd";

type Ready = Readonly<Record<string, Record<string, unknown>>>;

interface Spoken {
  language: string;
  writing: Writing;
  texts: Ready;
}

const needed = new Set<string>();
const fetched = new Map<string, Ready>();
const spoken = signal<Spoken>({ language: "", writing: { locale: "en", rtl: false }, texts: {} });
let asked = "";

/** The language that is spoken now: the name of its folder. */
export const language = computed(() => spoken.value.language);
/** For `Intl`: the language with the reader's region. */
export const locale = computed(() => spoken.value.writing.locale);

/** A module's texts, to be read while drawing: `const m = textsOf<typeof english>("contacts")`. */
export function textsOf<English>(module: string): Texts<English> {
  needed.add(module);
  return new Proxy({} as Texts<English>, {
    get: (_, key) => spoken.value.texts[module]?.[key as string],
  });
}

/** Fetch what isn't here yet of a language, then speak it, all at once. Rejects when it can't be. */
export async function speak(next: string = asked): Promise<void> {
  asked = next;
  const writing = writingOf(next, navigator.languages);
  for (let missing = missingOf(next); missing.length > 0; missing = missingOf(next)) {
    const found = await Promise.all(
      missing.map(async (module) => [module, prepare(await fetchTexts(next, module), writing)]),
    );
    fetched.set(next, { ...fetched.get(next), ...Object.fromEntries(found) });
  }
  // Somebody may have asked for another one meanwhile.
  if (asked === next) spoken.value = { language: next, writing, texts: fetched.get(next) ?? {} };
}

/** Begin to fetch the texts of modules whose code is on its way; who needs them waits for them. */
export function fetchTextsAhead(modules: readonly string[]): void {
  for (const module of modules) fetchTexts(asked, module).catch(() => undefined);
}

/** Something that came late, once its texts are here as well. */
export async function withTexts<Loaded>(loading: Promise<Loaded>): Promise<Loaded> {
  const loaded = await loading;
  await speak();
  return loaded;
}

function missingOf(next: string): string[] {
  const known = fetched.get(next) ?? {};
  return [...needed].filter((module) => !(module in known));
}

/** What every page says. */
export const common = textsOf<typeof english>("core");

effect(() => {
  if (!language.value) return;
  keyNames.value = common.keys;
  document.documentElement.lang = language.value;
  document.documentElement.dir = spoken.value.writing.rtl ? "rtl" : "ltr";
});

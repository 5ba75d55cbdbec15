/**
 * What a catalogue of texts is, and what becomes of it in a language.
 *
 * English is the source of the types: a text may have places for values (`"Assigned to {name}"`),
 * and forms by number (`{ one: "{count} page", other: "{count} pages" }`). Read from a page, a plain
 * text is a string; one with places or forms is a function of its values, by their names.
 */

/** Forms by the plural category of `count`; a language has those that it knows. */
export type Plural = { readonly other: string } & {
  readonly [Form in Intl.LDMLPluralRule]?: string;
};

export interface Catalogue {
  readonly [key: string]: string | Plural | Catalogue;
}

/** The names of a text's places. */
type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type Values<Name extends string> = {
  readonly [Each in Name]: Each extends "count" ? number : string | number;
};

/** A catalogue as pages read it. */
export type Texts<English> = {
  readonly [Key in keyof English]: English[Key] extends string
    ? [Placeholders<English[Key]>] extends [never]
      ? string
      : (values: Values<Placeholders<English[Key]>>) => string
    : English[Key] extends { readonly other: string }
      ? (values: Values<Placeholders<English[Key][keyof English[Key]]> | "count">) => string
      : Texts<English[Key]>;
};

/** Any text in which each of these places is. */
type WithPlaceholders<Name extends string> = [Name] extends [never]
  ? string
  : (Name extends string ? (text: `${string}{${Name}}${string}`) => void : never) extends (
        text: infer All,
      ) => void
    ? All
    : never;

/** What another language must say: the same keys, the same places, its own plural forms. */
export type Translation<English> = {
  readonly [Key in keyof English]: English[Key] extends string
    ? WithPlaceholders<Placeholders<English[Key]>>
    : English[Key] extends { readonly other: infer Other }
      ? Plural & { readonly other: WithPlaceholders<Placeholders<Other>> }
      : Translation<English[Key]>;
};

/** How a language writes. */
export interface LocaleInfo {
  /** BCP 47, with the reader's region: for numbers and plural forms. */
  locale: string;
  rtl: boolean;
}

const CATEGORIES = new Set(["zero", "one", "two", "few", "many", "other"]);

export function isPlural(entry: Catalogue[string]): entry is Plural {
  return typeof entry === "object" && Object.keys(entry).every((key) => CATEGORIES.has(key));
}

/** A catalogue's entries as pages read them, see {@link Texts}. */
export function compileCatalogue(
  catalogue: Catalogue,
  localeInfo: LocaleInfo,
): Record<string, unknown> {
  const rules = new Intl.PluralRules(localeInfo.locale);
  const numbers = new Intl.NumberFormat(localeInfo.locale);
  const insert = (value: string | number | undefined): string => {
    if (typeof value === "number") return numbers.format(value);
    // A name in another script must not turn the sentence around it (Unicode TR 9, isolates).
    return localeInfo.rtl ? `\u2068${value ?? ""}\u2069` : (value ?? "");
  };
  const fill = (text: string, values: Record<string, string | number>) =>
    text.replace(/\{(\w+)\}/gu, (_, name: string) => insert(values[name]));
  const compileEntry = (entry: Catalogue[string]): unknown => {
    if (typeof entry === "string")
      return entry.includes("{")
        ? (values: Record<string, string | number>) => fill(entry, values)
        : entry;
    if (isPlural(entry))
      return (values: { count: number }) =>
        fill(entry[rules.select(values.count)] ?? entry.other, values);
    return compileEntries(entry);
  };
  const compileEntries = (entries: Catalogue): Record<string, unknown> =>
    Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, compileEntry(entry)]));
  return compileEntries(catalogue);
}

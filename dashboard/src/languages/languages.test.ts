import { describe, expect, test } from "vitest";
import {
  type Catalogue,
  compileCatalogue,
  isPlural,
  type Texts,
  type Translation,
} from "./catalogue";
import { bestLanguage, fetchTexts, languages, localeInfoOf, ownName } from "./index";
import { toPseudo } from "./pseudo";

const FILES = import.meta.glob<{ default: Catalogue }>(["./*/*.ts", "!./*/everywhere.ts"], {
  eager: true,
});
const OTHERS = languages.filter((one) => one !== "en");

function modulesOf(language: string): Record<string, Catalogue> {
  const own = Object.entries(FILES).filter(([path]) => path.startsWith(`./${language}/`));
  return Object.fromEntries(own.map(([path, { default: texts }]) => [nameOf(path), texts]));
}

function nameOf(path: string): string {
  return path.replace(/^.*\/|\.ts$/gu, "");
}

/** A catalogue's texts by their dotted keys, those by number as one. */
function flat(texts: Catalogue, under = ""): Record<string, string | Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, entry]) =>
      typeof entry === "string" || isPlural(entry)
        ? [[under + key, entry]]
        : Object.entries(flat(entry, `${under + key}/`)),
    ),
  );
}

function placesIn(entry: string | Record<string, string>): string[] {
  const text = typeof entry === "string" ? entry : `{count} ${Object.values(entry).join(" ")}`;
  return [...new Set(text.match(/\{\w+\}/gu))].sort();
}

/** By language, the keys whose texts are the same as in English on purpose. */
const SAME = import.meta.glob<string[]>("./*/same.json", { eager: true, import: "default" });

describe.each(OTHERS)("%s", (language) => {
  const english = modulesOf("en");
  const own = modulesOf(language);

  test("has a catalogue of every module", () => {
    expect(Object.keys(own)).toEqual(Object.keys(english));
  });

  test.each(Object.keys(english))("has the texts of %s where they are looked for", async (name) => {
    expect(await fetchTexts(language, name)).toBe(own[name]);
  });

  test.each(Object.keys(english))("says everything that %s says, with the same places", (name) => {
    const translations = flat(own[name] ?? {});
    const source = flat(english[name] ?? {});
    expect(Object.keys(translations).sort()).toEqual(Object.keys(source).sort());
    for (const [key, entry] of Object.entries(source)) {
      expect([key, ...placesIn(translations[key] ?? "")]).toEqual([key, ...placesIn(entry)]);
      expect([key, typeof translations[key]]).toEqual([key, typeof entry]);
    }
  });

  test("has every form that its numbers need, and no empty text", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [module, texts] of Object.entries(own)) {
      for (const [key, entry] of Object.entries(flat(texts))) {
        const forms = typeof entry === "string" ? { other: entry } : entry;
        if (typeof entry !== "string")
          expect([module, key, ...Object.keys(forms)]).toEqual([module, key, ...pluralCategories]);
        for (const text of Object.values(forms)) expect(text.trim()).toBe(text);
        expect(Object.values(forms)).not.toContain("");
      }
    }
  });

  test("left nothing in English", () => {
    const same = Object.entries(own).flatMap(([module, texts]) => {
      const source = flat(english[module] ?? {});
      return Object.entries(flat(texts))
        .filter(([key, entry]) => JSON.stringify(entry) === JSON.stringify(source[key]))
        .map(([key]) => `${module}/${key}`);
    });
    expect(same.sort()).toEqual(SAME[`./${language}/same.json`] ?? []);
  });
});

describe("a text", () => {
  const english = {
    plain: "Send",
    to: "From {from} to {to}",
    pages: { one: "{count} page of {name}", other: "{count} pages of {name}" },
    nested: { left: "{count} left" },
  } as const;
  const ready = (texts: Catalogue, locale: string, rtl = false) =>
    compileCatalogue(texts, { locale, rtl }) as Texts<typeof english>;

  test("has its values where its language puts them", () => {
    const m = ready({ ...english, to: "Nach {to} von {from}" }, "de");
    expect(m.plain).toBe("Send");
    expect(m.to({ from: "Ulm", to: "Bonn" })).toBe("Nach Bonn von Ulm");
    expect(m.nested.left({ count: 12345 })).toBe("12.345 left");
    expect(ready(english, "en").nested.left({ count: 12345 })).toBe("12,345 left");
  });

  test("takes no place in what it is given for another of its own", () => {
    expect(ready(english, "en").to({ from: "{to}", to: "Bonn" })).toBe("From {to} to Bonn");
  });

  test("keeps apart from right-to-left words what is written otherwise", () => {
    const m = ready(english, "ar", true);
    expect(m.to({ from: "Ulm", to: "Bonn" })).toBe("From \u2068Ulm\u2069 to \u2068Bonn\u2069");
  });

  test("has the form of its number, of six where a language has six", () => {
    const forms = { zero: "0", one: "1", two: "2", few: "3-10", many: "11-99", other: "100" };
    const m = ready({ ...english, pages: forms }, "ar");
    const form = (count: number) => m.pages({ count, name: "x" });
    expect([0, 1, 2, 3, 10, 11, 99, 100, 102, 103].map(form)).toEqual([
      "0",
      "1",
      "2",
      "3-10",
      "3-10",
      "11-99",
      "11-99",
      "100",
      "100",
      "3-10",
    ]);
    expect(
      ready({ ...english, pages: { few: "2-4 {count}", other: "{count}" } }, "cs").pages({
        count: 3,
        name: "x",
      }),
    ).toBe("2-4 3");
    expect(ready(english, "ar").pages({ count: 3, name: "Ann" })).toContain("pages of Ann");
  });

  test("is held by the compiler to its keys, places and forms", () => {
    const right: Translation<typeof english> = {
      plain: "Senden",
      to: "Nach {to} von {from}",
      pages: { other: "{count} Seiten von {name}" },
      nested: { left: "noch {count}" },
    };
    // @ts-expect-error: a place is missing
    const missing: Translation<typeof english> = { ...right, to: "Nach {to}" };
    // @ts-expect-error: a key is missing
    const short: Translation<typeof english> = { plain: "x", to: right.to, pages: right.pages };
    // @ts-expect-error: there is no such key
    const long: Translation<typeof english> = { ...right, surplus: "x" };
    // @ts-expect-error: a place is missing in a form
    const form: Translation<typeof english> = { ...right, pages: { other: "{count} Seiten" } };
    // @ts-expect-error: a value is missing
    ready(english, "en").to({ from: "Ulm" });
    // @ts-expect-error: there is no such text
    expect(ready(english, "en").surplus).toBe(undefined);
    expect([right, missing, short, long, form]).toHaveLength(5);
  });

  test("in the pseudo-language has words that are longer by two fifths, and keeps its places", () => {
    const { to, pages } = toPseudo(english) as { to: string; pages: Record<string, string> };
    expect(to).toBe("⟦Fröm~~ {from} tö~ {to}⟧");
    expect(Object.keys(pages)).toEqual(["one", "other"]);
  });
});

describe("the language for a reader", () => {
  test.each([
    [["de-AT", "en"], "de"],
    [["tlh", "de"], "de"],
    [["tlh-CA", "vo"], "en"],
    [[], "en"],
    [["en-XA"], "en-XA"],
    [["ar-EG"], "en"],
  ])("of %j is %s", (tags, language) => {
    expect(bestLanguage(tags)).toBe(language);
  });

  test("is written as in their region, and from right to left where it is", () => {
    expect(localeInfoOf("de", ["en-US", "de-AT"])).toEqual({ locale: "de-AT", rtl: false });
    expect(localeInfoOf("de", ["en-US"])).toEqual({ locale: "de", rtl: false });
    expect(localeInfoOf("ar-XB", ["ar-XB"]).rtl).toBe(true);
  });

  test("is offered by its own name, the pseudo-languages not at all", () => {
    const offered = languages.map(ownName);
    expect(offered).toEqual(expect.arrayContaining(["Deutsch", "English"]));
    expect(offered).toHaveLength(languages.length);
    expect(languages.filter((one) => /-X[A-Z]$/u.test(one))).toEqual([]);
  });
});

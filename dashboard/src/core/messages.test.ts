import { effect } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import { bestLanguage, localeInfoOf } from "../languages";
import type english from "../languages/en/contacts";
import { language, loadWithTexts, setLanguage, textsOf } from "./messages";

const m = textsOf<typeof english>("contacts");

afterEach(() => vi.restoreAllMocks());

test("texts are those of the language that is spoken, and are read anew when it changes", async () => {
  await setLanguage("en");
  const languages: string[] = [];
  const stop = effect(() => void languages.push(m.isBlocked({ name: "Ann" })));
  await setLanguage("de");
  stop();
  expect(languages).toEqual(["Ann is blocked", "Ann ist blockiert"]);
  expect(document.documentElement.lang).toBe("de");
  expect(document.documentElement.dir).toBe("ltr");
});

test("of two languages the one that was asked for last is spoken, whichever comes first", async () => {
  await Promise.all([setLanguage("en-XA"), setLanguage("de")]);
  expect([language.value, m.block]).toEqual(["de", "Blockieren"]);
  await Promise.all([setLanguage("ar-XB"), setLanguage("en")]);
  expect([language.value, m.block]).toEqual(["en", "Block"]);
});

test("a language that runs from right to left turns the page, and isolates names", async () => {
  await setLanguage("ar-XB");
  expect(document.documentElement.dir).toBe("rtl");
  expect(m.isBlocked({ name: "Ann" })).toContain("\u2068Ann\u2069");
  await setLanguage("en");
  expect(document.documentElement.dir).toBe("ltr");
});

test("texts that are needed later are there once it is spoken again", async () => {
  await setLanguage("en");
  const second = textsOf<{ readonly title: "Visitors" }>("visitors");
  await setLanguage();
  expect(second.title).toBe("Visitors");
});

test("a language that can't be fetched leaves the former one, also for what comes later", async () => {
  await setLanguage("en");
  await expect(setLanguage("xx")).rejects.toThrow("no texts");
  expect([language.value, m.block]).toEqual(["en", "Block"]);
  const later = textsOf<{ readonly skip: string }>("app");
  expect(await loadWithTexts(Promise.resolve("a screen"))).toBe("a screen");
  expect([language.value, later.skip]).toEqual(["en", expect.any(String)]);
});

test("a browser's way of naming its language that `Intl` doesn't take keeps nobody out", async () => {
  for (const tags of [["en-US@posix"], ["de_AT", "de-AT"], ["C"], [""], []]) {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(tags);
    for (const one of ["en", "de"]) {
      await setLanguage(one);
      expect(localeInfoOf(one, tags).locale).toBe(one === "de" && tags[1] ? "de-AT" : one);
    }
  }
  expect([bestLanguage(["de_AT.UTF-8"]), bestLanguage(["C"])]).toEqual(["de", "en"]);
});

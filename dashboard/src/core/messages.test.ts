import { effect } from "@preact/signals";
import { expect, test } from "vitest";
import type english from "../languages/en/contacts";
import { language, setLanguage, textsOf } from "./messages";

const m = textsOf<typeof english>("contacts");

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

test("a language that can't be fetched leaves the former one", async () => {
  await setLanguage("en");
  await expect(setLanguage("xx")).rejects.toThrow("no texts");
  expect([language.value, m.block]).toEqual(["en", "Block"]);
});

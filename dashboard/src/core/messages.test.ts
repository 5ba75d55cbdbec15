import { effect } from "@preact/signals";
import { expect, test } from "vitest";
import type english from "../languages/en/contacts";
import { language, speak, textsOf } from "./messages";

const m = textsOf<typeof english>("contacts");

test("texts are those of the language that is spoken, and are read anew when it changes", async () => {
  await speak("en");
  const heard: string[] = [];
  const stop = effect(() => void heard.push(m.isBlocked({ name: "Ann" })));
  await speak("de");
  stop();
  expect(heard).toEqual(["Ann is blocked", "Ann ist blockiert"]);
  expect(document.documentElement.lang).toBe("de");
  expect(document.documentElement.dir).toBe("ltr");
});

test("of two languages the one that was asked for last is spoken, whichever comes first", async () => {
  await Promise.all([speak("en-XA"), speak("de")]);
  expect([language.value, m.block]).toEqual(["de", "Blockieren"]);
  await Promise.all([speak("ar-XB"), speak("en")]);
  expect([language.value, m.block]).toEqual(["en", "Block"]);
});

test("a language that runs from right to left turns the page, and isolates names", async () => {
  await speak("ar-XB");
  expect(document.documentElement.dir).toBe("rtl");
  expect(m.isBlocked({ name: "Ann" })).toContain("\u2068Ann\u2069");
  await speak("en");
  expect(document.documentElement.dir).toBe("ltr");
});

test("texts that are needed later are there once it is spoken again", async () => {
  await speak("en");
  const later = textsOf<{ readonly title: "Visitors" }>("visitors");
  await speak();
  expect(later.title).toBe("Visitors");
});

test("a language that can't be fetched leaves the former one", async () => {
  await speak("en");
  await expect(speak("xx")).rejects.toThrow("no texts");
  expect([language.value, m.block]).toEqual(["en", "Block"]);
});

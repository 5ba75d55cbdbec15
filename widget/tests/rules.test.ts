import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ENGLISH } from "../src/chat/i18n.ts";

const SOURCES = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);
/** What each folder may take code from; types cost nothing and may come from anywhere. */
const MAY_IMPORT: Record<string, RegExp> = {
  loader: /^(\.\/|\.\.\/shared\/)/,
  emoji: /^\.\//,
  preview: /^(\.\/|@foyer\/protocol\/markdown\/plain$)/,
  guest: /^(\.\/|\.\.\/shared\/|@foyer\/protocol\/(connection|text)$)/,
  chat: /^(\.\/|\.\.\/shared\/|@foyer\/protocol\/|preact$)/,
  shared: /^(\.\/|@foyer\/protocol\/(backoff|text)$)/,
};

test("code loads when its folder says so: nothing small takes code from something big", () => {
  const wrong = SOURCES.flatMap((name) => {
    const folder = name.split("/")[0] ?? "";
    const imports = readFileSync(`src/${name}`, "utf8").matchAll(
      /^import (?!type )[^;]*?from "([^"]+)"/gm,
    );
    return [...imports]
      .filter(([statement]) => !/^import \{\s*(type \w+,?\s*)+\}/.test(statement))
      .map(([, from]) => from ?? "")
      .filter((from) => !MAY_IMPORT[folder]?.test(from))
      .map((from) => `${name} imports ${from}`);
  });
  expect(wrong).toEqual([]);
});

test("nothing becomes markup or runs from text", () => {
  const wrong = SOURCES.filter((name) =>
    /innerHTML|dangerouslySet|insertAdjacentHTML|document\.write|\beval\(|new Function/.test(
      readFileSync(`src/${name}`, "utf8").replace(/^\s*(\*|\/\/|\/\*).*$/gm, ""),
    ),
  );
  expect(wrong).toEqual([]);
});

test("every catalogue has every word, with the same values to fill in", () => {
  const slots = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort();
  const host = { open: "", shut: "", chat: "", dismiss: "" };
  const words = { ...ENGLISH, ...host };
  for (const file of readdirSync("public/locales")) {
    const own: Record<string, string> = JSON.parse(readFileSync(`public/locales/${file}`, "utf8"));
    expect(Object.keys(own).sort(), file).toEqual(Object.keys(words).sort());
    for (const [word, text] of Object.entries(words)) {
      expect(slots(own[word] ?? ""), `${file}: ${word}`).toEqual(slots(text));
    }
  }
});

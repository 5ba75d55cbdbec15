/** What `Intl` knows to write in the language that is spoken. */

import { locale } from "./messages";

const made = new Map<string, unknown>();

/** One formatter of a kind for each language: making one costs more than many uses. */
export function formatter<Format>(kind: string, make: (locale: string) => Format): Format {
  const key = `${locale.value} ${kind}`;
  const known = (made.get(key) as Format | undefined) ?? make(locale.value);
  made.set(key, known);
  return known;
}

/** "Ann, Ben and Cleo". */
export function list(names: readonly string[]): string {
  return formatter("list", (tag) => new Intl.ListFormat(tag)).format(names);
}

/** "5 minutes" */
export function duration(count: number, unit: "second" | "minute" | "hour"): string {
  const options = { style: "unit", unit, unitDisplay: "long" } as const;
  return formatter(unit, (tag) => new Intl.NumberFormat(tag, options)).format(count);
}

/** "40 seconds", "5 minutes", "11 hours": rounded up, so that it isn't too early then. */
export function span(seconds: number): string {
  if (seconds <= 90) return duration(seconds, "second");
  if (seconds <= 5400) return duration(Math.ceil(seconds / 60), "minute");
  return duration(Math.ceil(seconds / 3600), "hour");
}

/** "German (Austria)" for "de-AT"; the tag itself where the browser doesn't know it. */
export function languageName(tag: string): string {
  try {
    const options = { type: "language" } as const;
    return formatter("languages", (own) => new Intl.DisplayNames(own, options)).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

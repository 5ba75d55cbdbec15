/** What `Intl` knows to write in the language that is spoken. */

import { locale } from "./messages";

const formatters = new Map<string, unknown>();

/** One formatter of a kind for each language: making one costs more than many uses. */
export function formatter<Format>(kind: string, make: (locale: string) => Format): Format {
  const key = `${locale.value} ${kind}`;
  const format = (formatters.get(key) as Format | undefined) ?? make(locale.value);
  formatters.set(key, format);
  return format;
}

/** "Ann, Ben and Cleo". */
export function formatList(names: readonly string[]): string {
  return formatter("list", (tag) => new Intl.ListFormat(tag)).format(names);
}

/** "5 minutes" */
export function formatDuration(count: number, unit: "second" | "minute" | "hour"): string {
  const options = { style: "unit", unit, unitDisplay: "long" } as const;
  return formatter(unit, (tag) => new Intl.NumberFormat(tag, options)).format(count);
}

/** "40 seconds", "5 minutes", "11 hours": rounded up, so that it isn't too early then. */
export function formatRoundedDuration(seconds: number): string {
  if (seconds <= 90) return formatDuration(seconds, "second");
  if (seconds <= 5400) return formatDuration(Math.ceil(seconds / 60), "minute");
  return formatDuration(Math.ceil(seconds / 3600), "hour");
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

/** Days and clock times as the visitor's browser has them. */

import { locale } from "./i18n.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function relativeTime(count: number, unit: Intl.RelativeTimeFormatUnit): string {
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }).format(
    -Math.trunc(count),
    unit,
  );
}

/** "now", "5 min ago", "2 hr ago", "yesterday", "12 days ago". */
export function ago(at: string): string {
  const ms = Date.now() - Date.parse(at);
  if (ms < MINUTE) return relativeTime(0, "second");
  if (ms < HOUR) return relativeTime(ms / MINUTE, "minute");
  return ms < DAY ? relativeTime(ms / HOUR, "hour") : relativeTime(ms / DAY, "day");
}

/** The start of an instant's day, ms: the same for all of a day. */
export function startOfDay(at: string | number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** "today", "yesterday", else the date with its weekday. */
export function dayName(at: string): string {
  // A clock that goes wrong doesn't make it tomorrow.
  const days = Math.max(0, Math.round((startOfDay(Date.now()) - startOfDay(at)) / DAY));
  if (days < 2) return relativeTime(days, "day");
  const options = { weekday: "long", day: "numeric", month: "long" } as const;
  return new Date(at).toLocaleDateString(locale, options);
}

export function clockTime(at: string): string {
  return new Date(at).toLocaleTimeString(locale, { timeStyle: "short" });
}

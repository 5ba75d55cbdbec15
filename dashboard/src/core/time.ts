/** Times as the operator reads them: relative in lists, absolute in their own zone. */

import { signal } from "@preact/signals";
import { m } from "./messages.en";
import { timeZone } from "./session";

/** Now, in milliseconds, moving every half minute: what relative times are drawn against. */
export const minuteNow = signal(Date.now());
setInterval(() => {
  minuteNow.value = Date.now();
}, 30_000);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const zone = timeZone.value;
  const key = zone + JSON.stringify(options);
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(undefined, { ...options, timeZone: zone });
    formats.set(key, known);
  }
  return known.format(at);
}

/** "14:05" in the operator's zone. */
export function clock(iso: string): string {
  return format(Date.parse(iso), { timeStyle: "short" });
}

/** "Mon 2 Mar, 14:05": when a list's relative time is hovered, and where precision matters. */
export function moment(iso: string): string {
  const day = format(Date.parse(iso), { weekday: "short", day: "numeric", month: "short" });
  return `${day}, ${clock(iso)}`;
}

/** "Mon 14:05" where somebody else is; the zone's name when the browser doesn't know it. */
export function clockIn(zone: string, at: number): string {
  try {
    const day = new Intl.DateTimeFormat(undefined, { weekday: "short", timeZone: zone });
    const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short", timeZone: zone });
    return `${day.format(at)} ${time.format(at)}`;
  } catch {
    return zone;
  }
}

export function date(iso: string): string {
  return format(Date.parse(iso), { day: "numeric", month: "short", year: "numeric" });
}

/** A short distance for lists: "now", "4 min", "3 h", "2 d", then the date. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso);
  const past = now - at;
  if (past < MINUTE) return m.app.units.now;
  if (past < HOUR) return `${Math.floor(past / MINUTE)} ${m.app.units.minute}`;
  if (past < DAY) return `${Math.floor(past / HOUR)} ${m.app.units.hour}`;
  if (past < 7 * DAY) return `${Math.floor(past / DAY)} ${m.app.units.day}`;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "2-digit" }) });
}

/** A running length such as "4:07" or "1:12:40", from `since` to `now`. */
export function stopwatch(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/u, "");
}

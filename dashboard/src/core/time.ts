/** Times as the operator reads them: relative in lists, absolute in their own zone. */

import { signal } from "@preact/signals";
import { formatter } from "./formats";
import { common } from "./messages";
import { timeZone } from "./session";

/** Now, in milliseconds, moving every half minute: what relative times are drawn against. */
export const minuteNow = signal(Date.now());
setInterval(() => {
  minuteNow.value = Date.now();
}, 30_000);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function format(
  at: number,
  options: Intl.DateTimeFormatOptions,
  zone: string = timeZone.value,
): string {
  const whole = { ...options, timeZone: zone };
  const make = (tag: string) => new Intl.DateTimeFormat(tag, whole);
  return formatter(JSON.stringify(whole), make).format(at);
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
    return `${format(at, { weekday: "short" }, zone)} ${format(at, { timeStyle: "short" }, zone)}`;
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
  const text = common.ago;
  if (past < MINUTE) return text.now;
  if (past < HOUR) return text.minutes({ count: Math.floor(past / MINUTE) });
  if (past < DAY) return text.hours({ count: Math.floor(past / HOUR) });
  if (past < 7 * DAY) return text.days({ count: Math.floor(past / DAY) });
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "2-digit" }) });
}

/** A running length such as "4:07" or "1:12:40", from `since` to `now`. */
export function stopwatch(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/u, "");
}

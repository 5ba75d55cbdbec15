/** Relative times and day names in the reader's language, by `Intl` alone. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS: [limit: number, unit: Intl.RelativeTimeFormatUnit, size: number][] = [
  [HOUR, "minute", MINUTE],
  [DAY, "hour", HOUR],
  [7 * DAY, "day", DAY],
  [30 * DAY, "week", 7 * DAY],
  [365 * DAY, "month", 30 * DAY],
  [Number.POSITIVE_INFINITY, "year", 365 * DAY],
];

/**
 * How far `at` is from `now`, for instance "2 min. ago" or "in 3 hr."; under a minute "now".
 *
 * @param locale BCP 47 tag; the browser's when undefined.
 */
export function relativeTime(
  at: string,
  now: number,
  locale?: string,
  style: Intl.RelativeTimeFormatStyle = "short",
): string {
  const delta = Date.parse(at) - now;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style });
  if (Math.abs(delta) < MINUTE) return format.format(0, "second");
  const step = STEPS.find(([limit]) => Math.abs(delta) < limit) ?? STEPS[STEPS.length - 1];
  const [, unit, size] = step as (typeof STEPS)[number];
  return format.format(Math.trunc(delta / size), unit);
}

/** The clock time of an instant, for instance "14:05" or "2:05 PM", in `timeZone` or the local one. */
export function clockTime(at: string, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone }).format(Date.parse(at));
}

/** The calendar day of an instant as `YYYY-MM-DD` in `timeZone` (or the local one): a grouping key. */
export function dayKey(at: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone,
  }).format(typeof at === "number" ? at : Date.parse(at));
}

/** "today", "yesterday", a weekday within the last week, else a date; for day separators. */
export function dayName(at: string, now: number, locale?: string, timeZone?: string): string {
  const days = Math.round(
    (Date.parse(dayKey(now, timeZone)) - Date.parse(dayKey(at, timeZone))) / DAY,
  );
  if (days === 0 || days === 1) {
    return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");
  }
  const thisYear = dayKey(at, timeZone).slice(0, 4) === dayKey(now, timeZone).slice(0, 4);
  const options: Intl.DateTimeFormatOptions =
    days > 1 && days < 7
      ? { weekday: "long" }
      : { day: "numeric", month: "long", ...(thisYear ? {} : { year: "numeric" }) };
  return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(Date.parse(at));
}

/** Snooze times in the operator's own zone; pure, so that they can be tried at any instant. */

export interface Preset {
  id: "laterToday" | "tomorrow" | "nextMonday" | "again";
  until: Date;
}

interface WallTime {
  year: number;
  /** 1-12 */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const HOUR = 3_600_000;
const MORNING = 9;
const EVENING = 18;
const LATER_HOURS = 3;

/**
 * The presets that lie ahead of `now`, soonest first: later today (three hours on, at the full
 * quarter, not after 18:00 unless it is evening already), tomorrow and next Monday at 9:00, and
 * the former snooze time while it is still to come.
 */
export function presets(now: Date, zone: string, before: string | null): Preset[] {
  const wall = toWallTime(now, zone);
  const list: Preset[] = [];
  const later = laterToday(now, wall, zone);
  if (later) list.push({ id: "laterToday", until: later });
  list.push({ id: "tomorrow", until: toInstant(addDays(wall, 1), zone) });
  const weekday = new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay();
  // On a Sunday "next Monday" is a week further: tomorrow has its own line.
  const toMonday = weekday === 0 ? 8 : 8 - weekday;
  list.push({ id: "nextMonday", until: toInstant(addDays(wall, toMonday), zone) });
  if (before && Date.parse(before) > now.getTime())
    list.push({ id: "again", until: new Date(before) });
  return list;
}

function laterToday(now: Date, wall: WallTime, zone: string): Date | null {
  const quarter = 15 * 60_000;
  const rounded = new Date(Math.ceil((now.getTime() + LATER_HOURS * HOUR) / quarter) * quarter);
  const evening = toInstant({ ...wall, hour: EVENING, minute: 0 }, zone);
  const chosen = rounded > evening && evening.getTime() > now.getTime() + HOUR ? evening : rounded;
  return toWallTime(chosen, zone).day === wall.day ? chosen : null;
}

function addDays(wall: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: MORNING,
    minute: 0,
  };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const cached = formatters.get(zone);
  if (cached) return cached;
  const formatter = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  formatters.set(zone, formatter);
  return formatter;
}

/** The wall clock of an instant in a zone. */
export function toWallTime(at: Date, zone: string): WallTime {
  const parts = formatterOf(zone).formatToParts(at);
  const partValue = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: partValue("year"),
    month: partValue("month"),
    day: partValue("day"),
    hour: partValue("hour"),
    minute: partValue("minute"),
  };
}

/**
 * The instant at which a zone's clocks show `wall`. In the hour that is skipped in spring it is
 * the instant just as far after the jump; of the hour that comes twice in autumn, the first.
 */
export function toInstant(wall: WallTime, zone: string): Date {
  const asUtc = toUtc(wall);
  const guesses = [asUtc - 24 * HOUR, asUtc + 24 * HOUR].map(
    (near) => asUtc - offsetAt(near, zone),
  );
  const matches = guesses.filter((guess) => toUtc(toWallTime(new Date(guess), zone)) === asUtc);
  return new Date(matches.length > 0 ? Math.min(...matches) : Math.max(...guesses));
}

function offsetAt(at: number, zone: string): number {
  const whole = Math.floor(at / 60_000) * 60_000;
  return toUtc(toWallTime(new Date(whole), zone)) - whole;
}

function toUtc({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** `2026-03-01T09:00`, as a datetime-local input reads and writes it. */
export function toInput(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = toWallTime(at, zone);
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  return `${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}`;
}

/** The instant of a datetime-local value in a zone; null while it is incomplete. */
export function fromInput(value: string, zone: string): Date | null {
  const digits = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/u.exec(value);
  if (!digits) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = digits.slice(1).map(Number);
  return toInstant({ year, month, day, hour, minute }, zone);
}

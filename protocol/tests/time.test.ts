import { expect, test } from "vitest";
import { newId } from "../src/ids.ts";
import { clockTime, dayKey, dayName, relativeTime } from "../src/time.ts";

const NOW = Date.parse("2030-03-15T12:00:00.000Z");
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

test("times are told relative to now, in the reader's language", () => {
  expect(relativeTime(ago(0.5), NOW, "en")).toBe("now");
  expect(relativeTime(ago(2), NOW, "en")).toBe("2 min. ago");
  expect(relativeTime(ago(-90), NOW, "en")).toBe("in 1 hr.");
  expect(relativeTime(ago(60 * 24), NOW, "en")).toBe("yesterday");
  expect(relativeTime(ago(60 * 24 * 800), NOW, "en", "long")).toBe("2 years ago");
  expect(relativeTime(ago(120), NOW, "de", "long")).toBe("vor 2 Stunden");
});

test("days are the reader's own, in the reader's zone", () => {
  expect(dayKey("2030-03-15T23:30:00.000Z", "Asia/Tokyo")).toBe("2030-03-16");
  expect(dayName(ago(0), NOW, "en", "UTC")).toBe("today");
  expect(dayName(ago(60 * 13), NOW, "en", "UTC")).toBe("yesterday");
  expect(dayName(ago(60 * 24 * 3), NOW, "en", "UTC")).toBe("Tuesday");
  expect(dayName("2030-01-02T00:00:00.000Z", NOW, "en", "UTC")).toBe("January 2");
  expect(dayName("2028-01-02T00:00:00.000Z", NOW, "en", "UTC")).toBe("January 2, 2028");
  expect(clockTime("2030-03-15T12:05:00.000Z", "de", "Europe/Berlin")).toBe("13:05");
});

test("client ids are ULIDs that sort by when they were made", () => {
  const ids = Array.from({ length: 500 }, () => newId());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(500);
  expect(ids.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id))).toBe(true);
});

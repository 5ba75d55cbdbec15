import { describe, expect, test } from "vitest";
import { fromInput, presets, toInput, toInstant, toWallTime } from "./snooze";

const BERLIN = "Europe/Berlin";
const at = (iso: string) => new Date(iso);
const presetIds = (now: string, zone = BERLIN, before: string | null = null) =>
  Object.fromEntries(
    presets(at(now), zone, before).map(({ id, until }) => [id, until.toISOString()]),
  );

describe("snooze presets", () => {
  test("on a Tuesday at noon: in three hours, tomorrow at nine, Monday at nine, all in the own zone", () => {
    expect(presetIds("2026-03-03T11:02:00Z")).toEqual({
      laterToday: "2026-03-03T14:15:00.000Z",
      tomorrow: "2026-03-04T08:00:00.000Z",
      nextMonday: "2026-03-09T08:00:00.000Z",
    });
  });

  test("late in the day there is no later today", () => {
    expect(presetIds("2026-03-03T21:30:00Z")).not.toHaveProperty("laterToday");
  });

  test("later today ends with the working day", () => {
    expect(presetIds("2026-03-03T15:00:00Z").laterToday).toBe("2026-03-03T17:00:00.000Z");
  });

  test("on a Sunday next Monday isn't tomorrow", () => {
    const { tomorrow, nextMonday } = presetIds("2026-03-08T10:00:00Z");
    expect([tomorrow, nextMonday]).toEqual([
      "2026-03-09T08:00:00.000Z",
      "2026-03-16T08:00:00.000Z",
    ]);
  });

  test("tomorrow at nine stays nine o'clock when the clocks change in the night", () => {
    expect(presetIds("2026-03-28T12:00:00Z").tomorrow).toBe("2026-03-29T07:00:00.000Z");
    expect(presetIds("2026-10-24T12:00:00Z").tomorrow).toBe("2026-10-25T08:00:00.000Z");
  });

  test("tomorrow is the operator's day, not the browser's or London's", () => {
    expect(presetIds("2026-03-03T13:00:00Z", "Pacific/Auckland").tomorrow).toBe(
      "2026-03-04T20:00:00.000Z",
    );
  });

  test("the former time is offered again while it lies ahead", () => {
    const before = "2026-03-05T10:00:00.000Z";
    expect(presetIds("2026-03-03T11:00:00Z", BERLIN, before).again).toBe(before);
    expect(presetIds("2026-03-06T11:00:00Z", BERLIN, before)).not.toHaveProperty("again");
  });
});

describe("wall time", () => {
  test("of the hour that spring skips is as far after the jump", () => {
    expect(fromInput("2026-03-29T02:30", BERLIN)?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });

  test("of the hour that autumn repeats is its first", () => {
    expect(fromInput("2026-10-25T02:30", BERLIN)?.toISOString()).toBe("2026-10-25T00:30:00.000Z");
  });

  test("goes into the input and back unchanged in every zone", () => {
    for (const zone of ["UTC", BERLIN, "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"]) {
      for (let hour = 0; hour < 24 * 370; hour += 7) {
        const instant = new Date(Date.UTC(2026, 0, 1, hour));
        const wall = toWallTime(instant, zone);
        expect(toWallTime(toInstant(wall, zone), zone)).toEqual(wall);
        expect(toInput(fromInput(toInput(instant, zone), zone) ?? instant, zone)).toBe(
          toInput(instant, zone),
        );
      }
    }
  });

  test("is nothing while it is incomplete", () => {
    expect(fromInput("2026-03-", BERLIN)).toBeNull();
  });
});

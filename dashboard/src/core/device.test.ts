import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findDeviceToken, saveDeviceToken } from "./device";

describe("a device", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => localStorage.clear());

  test("is known by each person's own secret, however the address is written", () => {
    saveDeviceToken("ada@example.com", "a");
    saveDeviceToken("ben@example.com", "b");
    saveDeviceToken("ada@example.com", null);
    expect(findDeviceToken(" ADA@example.com ")).toBe("a");
    expect(findDeviceToken("ben@example.com")).toBe("b");
    expect(findDeviceToken("eve@example.com")).toBeUndefined();
  });

  test("doesn't tell who has signed in on it", () => {
    saveDeviceToken("ada@example.com", "a");
    expect(JSON.stringify(localStorage)).not.toContain("ada");
  });

  test("keeps the latest ten", () => {
    for (let person = 0; person < 11; person += 1) saveDeviceToken(`p${person}@example.com`, "x");
    expect(findDeviceToken("p0@example.com")).toBeUndefined();
    expect(findDeviceToken("p1@example.com")).toBe("x");
  });

  test("is new where what is kept can't be read", () => {
    for (const odd of ["{", "null", '"x"', "[1, null, {}]"]) {
      localStorage.setItem("foyer.devices", odd);
      expect(findDeviceToken("ada@example.com")).toBeUndefined();
      saveDeviceToken("ada@example.com", "a");
      expect(findDeviceToken("ada@example.com")).toBe("a");
    }
  });
});

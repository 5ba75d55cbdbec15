import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deviceToken, keepDevice } from "./device";

describe("a device", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => localStorage.clear());

  test("is known by each person's own secret, however the address is written", () => {
    keepDevice("ada@example.com", "a");
    keepDevice("ben@example.com", "b");
    keepDevice("ada@example.com", null);
    expect(deviceToken(" ADA@example.com ")).toBe("a");
    expect(deviceToken("ben@example.com")).toBe("b");
    expect(deviceToken("eve@example.com")).toBeUndefined();
  });

  test("doesn't tell who has signed in on it", () => {
    keepDevice("ada@example.com", "a");
    expect(JSON.stringify(localStorage)).not.toContain("ada");
  });

  test("keeps the latest ten", () => {
    for (let person = 0; person < 11; person += 1) keepDevice(`p${person}@example.com`, "x");
    expect(deviceToken("p0@example.com")).toBeUndefined();
    expect(deviceToken("p1@example.com")).toBe("x");
  });

  test("is new where what is kept can't be read", () => {
    for (const odd of ["{", "null", '"x"', "[1, null, {}]"]) {
      localStorage.setItem("foyer.devices", odd);
      expect(deviceToken("ada@example.com")).toBeUndefined();
      keepDevice("ada@example.com", "a");
      expect(deviceToken("ada@example.com")).toBe("a");
    }
  });
});

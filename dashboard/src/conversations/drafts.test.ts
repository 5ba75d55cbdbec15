import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { draftOf, setDraft } from "./drafts";

describe("drafts", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => localStorage.clear());

  test("are kept by conversation until they are empty", () => {
    setDraft("cnv_1", "half a sentence");
    setDraft("cnv_2", "x");
    setDraft("cnv_2", "");
    expect([draftOf("cnv_1"), draftOf("cnv_2")]).toEqual(["half a sentence", ""]);
    expect(JSON.parse(localStorage.getItem("foyer.drafts.") ?? "")).toEqual({
      cnv_1: "half a sentence",
    });
  });
});

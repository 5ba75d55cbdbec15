import { Problem } from "@foyer/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import CODES from "../../../docs/problems.md?raw";
import german from "../languages/de/problems";
import { setLanguage } from "./messages";
import { explain, fieldErrors } from "./problems";

const problem = (status: number, code: string, more: object = {}) =>
  new Problem(status, { code, detail: "Not today", ...more });

/** What only visitors, integrators or sockets are told. */
const OTHERS =
  /^(identity|topic|request\.(method|unsupported|too_many)|server|site|socket\.bad|auth\.(busy|too_many_tries))|^problem$/u;

test("every code that operators can be told has words in each language", () => {
  const codes = [...CODES.matchAll(/^\| `([\w.]+)`/gmu)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(50);
  const told = codes.filter((code) => !OTHERS.test(code));
  expect(told.filter((code) => !(code in german.codes))).toEqual([]);
  expect(Object.keys(german.codes).filter((code) => !codes.includes(code))).toEqual([]);
});

describe("in English", () => {
  beforeEach(() => setLanguage("en"));

  test("a refusal is told in the server's own words", () => {
    expect(explain(problem(409, "x.y"))).toBe("Not today");
    expect(explain(new Problem(409, { code: "member.exists" }))).toBe("member.exists");
    expect(explain(new Problem(418))).toMatch(/^Something unexpected/u);
  });

  test("a field's fault is a whole sentence", () => {
    const errors = [{ field: "body.password", message: "is too easy to guess" }];
    expect(fieldErrors(problem(422, "request.invalid", { errors }))).toEqual({
      password: "This is too easy to guess.",
    });
  });
});

describe("in another language", () => {
  beforeEach(() => setLanguage("de"));

  test("a refusal is told by its code, an unknown one without the server's words", () => {
    expect(explain(problem(409, "member.exists"))).toBe("Diese Person gehört bereits zum Team");
    expect(explain(problem(409, "x.y"))).toBe(
      "Der Server hat das abgelehnt. Geändert wurde nichts.",
    );
    expect(explain(problem(409, "toString"))).not.toContain("function");
  });

  test("a field's fault is told by the field's rule", () => {
    const errors = [
      { field: "body.password", message: "is too easy to guess" },
      { field: "odd", message: "is odd" },
    ];
    expect(fieldErrors(problem(422, "request.invalid", { errors }))).toEqual({
      password: "Das ist zu leicht zu erraten.",
      odd: "Diese Angabe ist nicht möglich.",
    });
  });

  test("a wait is told with its length and, where there is one, its reason", () => {
    const wait = (code: string, seconds?: number) =>
      explain(problem(429, code, seconds ? { retry_after: seconds } : {}));
    expect(wait("request.too_many", 40)).toBe(
      "Zu viel auf einmal. Versuchen Sie es in 40 Sekunden erneut.",
    );
    expect(wait("auth.too_many_tries", 60)).toBe("Zu viele Versuche. Warten Sie 60 Sekunden.");
    expect(wait("member.too_many_invitations", 3600)).toBe(
      "Es wurden zu viele Einladungen gesendet. Versuchen Sie es in 60 Minuten erneut.",
    );
    expect(wait("auth.too_many_mails")).toBe(
      "Es wurden zu viele E-Mails angefordert. Versuchen Sie es später erneut.",
    );
  });
});

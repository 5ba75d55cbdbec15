/** Failures in words: what happened and what was kept. */

import { Problem } from "@foyer/protocol";
import type english from "../languages/en/problems";
import { span } from "./formats";
import { common, language, textsOf } from "./messages";

/** The server's own words know more of the case than its codes, but are in one language. */
const SERVER_SPEAKS = "en";
const m = textsOf<typeof english>("problems");

export function explain(error: unknown): string {
  const text = common.problem;
  if (!(error instanceof Problem)) return text.unexpected;
  if (error.code === "timeout") return text.timeout;
  if (error.status === 0) return text.offline;
  if (error.code === "auth.too_many_tries")
    return error.retryAfter
      ? text.tooManyTriesFor({ time: span(error.retryAfter) })
      : text.tooManyTries;
  if (error.status === 429) return tooMuch(error);
  if (error.status === 503) return text.passing;
  if (error.status >= 500) return text.server;
  const wrong = error.errors[0];
  return wrong ? fieldError(wrong.field, wrong.message) : refusal(error);
}

/** Why one has to wait, where it isn't just that too much came at once, and how long. */
function tooMuch(error: Problem): string {
  const text = common.problem;
  const time = error.retryAfter && span(error.retryAfter);
  if (!/^(auth|member|socket)\./u.test(error.code))
    return time ? text.tooMuchFor({ time }) : text.tooMuch;
  const why = refusal(error);
  return time ? text.laterIn({ why, time }) : text.later({ why });
}

function refusal({ code, detail }: Problem): string {
  // Without words from the server only its status is there, which helps nobody.
  const isTold = !/^http\W?\d/iu.test(detail);
  if (language.value === SERVER_SPEAKS && isTold) return detail;
  if (Object.hasOwn(m.codes, code)) return m.codes[code as keyof typeof m.codes];
  return isTold ? common.problem.refused : common.problem.unexpected;
}

/** Messages by field of a refused form; the field's own name is its path's last part. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(
    error.errors.map(({ field, message }) => [nameOf(field), fieldError(field, message)]),
  );
}

/** What is wrong with a field: as the server puts it, else as its field's rule is known here. */
function fieldError(field: string, message: string): string {
  if (language.value === SERVER_SPEAKS) return sentence(message);
  const name = nameOf(field);
  return Object.hasOwn(m.fields, name) ? m.fields[name as keyof typeof m.fields] : m.fields.any;
}

function nameOf(field: string): string {
  return field.split(".").pop() ?? field;
}

/** What the server says of a value ("is not your password") as a whole sentence about it. */
function sentence(said: string): string {
  const whole = /^(is|must|goes) /u.test(said) ? `This ${said}` : said;
  return `${whole}${/[.!?]$/u.test(said) ? "" : "."}`;
}

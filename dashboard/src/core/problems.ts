/** Failures in words: what happened and what was kept. */

import { Problem } from "@foyer/protocol";
import type english from "../languages/en/problems";
import { formatRoundedDuration } from "./formats";
import { common, language, textsOf } from "./messages";

/** The server's own words know more of the case than its codes, but are in one language. */
const SERVER_LANGUAGE = "en";
const m = textsOf<typeof english>("problems");

export function explain(error: unknown): string {
  const text = common.problem;
  if (!(error instanceof Problem)) return text.unexpected;
  if (error.code === "timeout") return text.timeout;
  if (error.status === 0) return text.offline;
  if (error.code === "auth.too_many_tries")
    return error.retryAfter
      ? text.tooManyTriesFor({ time: formatRoundedDuration(error.retryAfter) })
      : text.tooManyTries;
  if (error.status === 429) return explainLimit(error);
  if (error.status === 503) return text.passing;
  if (error.status >= 500) return text.server;
  const wrong = error.errors[0];
  return wrong ? fieldError(wrong.field, wrong.message) : problemText(error);
}

/** Why one has to wait, where it isn't just that too much came at once, and how long. */
function explainLimit(error: Problem): string {
  const text = common.problem;
  const time = error.retryAfter && formatRoundedDuration(error.retryAfter);
  if (!/^(auth|member|socket)\./u.test(error.code))
    return time ? text.tooMuchFor({ time }) : text.tooMuch;
  const why = problemText(error);
  return time ? text.laterIn({ why, time }) : text.later({ why });
}

function problemText({ code, detail }: Problem): string {
  // Without words from the server only its status is there, which helps nobody.
  const hasDetail = !/^http\W?\d/iu.test(detail);
  if (language.value === SERVER_LANGUAGE && hasDetail) return detail;
  if (Object.hasOwn(m.codes, code)) return m.codes[code as keyof typeof m.codes];
  return hasDetail ? common.problem.refused : common.problem.unexpected;
}

/** Messages by field of a refused form; the field's own name is its path's last part. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(
    error.errors.map(({ field, message }) => [fieldName(field), fieldError(field, message)]),
  );
}

/** What is wrong with a field: as the server puts it, else as its field's rule is known here. */
function fieldError(field: string, message: string): string {
  if (language.value === SERVER_LANGUAGE) return toSentence(message);
  const name = fieldName(field);
  return Object.hasOwn(m.fields, name) ? m.fields[name as keyof typeof m.fields] : m.fields.any;
}

function fieldName(field: string): string {
  return field.split(".").pop() ?? field;
}

/** What the server says of a value ("is not your password") as a whole sentence about it. */
function toSentence(message: string): string {
  const whole = /^(is|must|goes) /u.test(message) ? `This ${message}` : message;
  return `${whole}${/[.!?]$/u.test(message) ? "" : "."}`;
}

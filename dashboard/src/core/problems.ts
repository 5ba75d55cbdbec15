/** Failures in words: what happened and what was kept. */

import { Problem } from "@foyer/protocol";
import { m } from "./messages.en";

export function explain(error: unknown): string {
  if (!(error instanceof Problem)) return m.problem.unexpected;
  if (error.code === "timeout") return m.problem.timeout;
  if (error.status === 0) return m.problem.offline;
  if (error.code === "auth.too_many_tries") return m.problem.tooMany(error.retryAfter);
  if (error.status === 429) return m.problem.tooMuch(error.retryAfter, reasonOf(error));
  if (error.status === 503) return m.problem.passing;
  if (error.status >= 500) return m.problem.server;
  const wrong = error.errors[0]?.message;
  const said = wrong ? sentence(wrong) : error.detail;
  // Without words from the server only its status is there, which helps nobody.
  return /^http\W?\d/iu.test(said) ? m.problem.unexpected : said;
}

/** Why one has to wait, where it isn't just that too much came at once. */
function reasonOf({ code, detail }: Problem): string | null {
  return /^(auth|member|socket)\./u.test(code) ? detail : null;
}

/** Messages by field of a refused form; the field's own name is its path's last part. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(
    error.errors.map(({ field, message }) => [field.split(".").pop() ?? field, sentence(message)]),
  );
}

/** What the server says of a value ("is not your password") as a whole sentence about it. */
function sentence(said: string): string {
  return `${m.problem.about(said)}${/[.!?]$/u.test(said) ? "" : "."}`;
}

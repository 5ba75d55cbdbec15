/** The frame's requests: with the session's token, renewed when it ran out, and tried again. */

import { fullJitter } from "@foyer/protocol/backoff";
import type { WidgetSession } from "@foyer/protocol/wire";
import { isTransient, type RequestError, request } from "../shared/api.ts";
import type { Sample } from "../shared/shell.ts";

const TRIES = 3;
const RETRY = { base: 400, cap: 8000 };
/** A longer wait than this isn't waited for, s. */
const LONGEST_WAIT = 20;

export type Session = WidgetSession & Partial<Sample>;
export type Call = <T>(path: string, body?: object) => Promise<T>;

/**
 * Makes requests repeatable: every one of the widget's either reads or carries what makes its
 * repetition harmless (a `client_id`, a `seq`).
 *
 * @param session The current one; requests wait in `waitForSession` for another when it has expired.
 * @param waitForSession Resolves when there is a new session, or when there will be none for now.
 */
export function createCall(
  session: () => Session | null,
  waitForSession: () => Promise<void>,
): Call {
  return async (path, body) => {
    for (let attempt = 1; ; attempt += 1) {
      const usedSession = session();
      if (usedSession?.answers) return usedSession.answers[path.replace(/\?.*/, "")] as never;
      try {
        return await request(`/v1/widget/conversations${path}`, body, usedSession?.token);
      } catch (error) {
        const { status, retryAfter } = error as RequestError;
        const after = retryAfter ?? 0;
        const isExpired = status === 401;
        const mayRetry = isExpired || (isTransient(error as RequestError) && after <= LONGEST_WAIT);
        if (attempt === TRIES || !mayRetry) throw error;
        if (!isExpired) await sleep(after * 1000 + fullJitter(attempt, RETRY));
        else if (session() === usedSession) await waitForSession();
      }
    }
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The frame's requests: with the session's token, renewed when it ran out, and tried again. */

import { fullJitter } from "@foyer/protocol/backoff";
import type { WidgetSession } from "@foyer/protocol/wire";
import { ask, isPassing, type Refusal } from "../shared/api.ts";
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
 * @param session The current one; requests wait in `renewed` for another when it has expired.
 * @param renewed Resolves when there is a new session, or when there will be none for now.
 */
export function createCall(session: () => Session | null, renewed: () => Promise<void>): Call {
  return async (path, body) => {
    for (let tried = 1; ; tried += 1) {
      const used = session();
      if (used?.answers) return used.answers[path.replace(/\?.*/, "")] as never;
      try {
        return await ask(`/v1/widget/conversations${path}`, body, used?.token);
      } catch (error) {
        const { status, retryAfter } = error as Refusal;
        const after = retryAfter ?? 0;
        const expired = status === 401;
        const again = expired || (isPassing(error as Refusal) && after <= LONGEST_WAIT);
        if (tried === TRIES || !again) throw error;
        if (!expired) await passed(after * 1000 + fullJitter(tried, RETRY));
        else if (session() === used) await renewed();
      }
    }
  };
}

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One request to the API: all that the widget needs of the protocol's client. */

import { retryAfterSeconds } from "@foyer/protocol/backoff";
import { toJson } from "@foyer/protocol/text";

export interface RequestError {
  /** HTTP status; 0 when no answer came. */
  status: number;
  code: string;
  /** Why, for people to read. */
  message?: string;
  /** The field that can't be taken, where it is one. */
  field?: string;
  /** Seconds to wait before trying again, where the server said so. */
  retryAfter?: number | null;
}

/** Whether the same request may succeed later: no answer, too busy, or the server's fault. */
export const isTransient = ({ status }: RequestError) =>
  !status || status === 408 || status === 429 || status >= 500;

/** How long to wait after so many vain tries, ms: what the server asks, and up to some minutes. */
export const retryDelay = ({ retryAfter }: RequestError, tries: number) =>
  (retryAfter ?? 0) * 1000 + (1 + Math.random()) * 500 * 2 ** Math.min(tries, 8);

/** POSTs `body`, or GETs when there is none. Throws a {@link RequestError}. */
export async function request<T>(url: string, body?: object, token?: string): Promise<T> {
  let status = 0;
  try {
    const response = await fetch(url, {
      headers: {
        ...(body && { "Content-Type": "application/json" }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { method: "POST", body: toJson(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    if (!response.ok) status = response.status;
    const text = await response.text();
    const answer = text && JSON.parse(text);
    if (!status) return answer;
    const { code, title, detail = title, errors: [fieldError] = [] } = answer;
    const retryAfter = retryAfterSeconds(response.headers.get("Retry-After"));
    throw { status, code, message: detail, field: fieldError?.field, retryAfter };
  } catch (error) {
    throw (error as RequestError).code ? error : { status, code: "network" };
  }
}

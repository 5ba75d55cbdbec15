/** The loader's two requests: small enough to do without the protocol's client. */

export interface Refusal {
  /** HTTP status; 0 when no answer came. */
  status: number;
  code: string;
}

/** POSTs `body`, or GETs when there is none. Throws a {@link Refusal}. */
export async function ask<T>(url: string, body?: unknown, token?: string): Promise<T> {
  let status = 0;
  try {
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      headers: {
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(15_000),
    });
    status = response.status;
    const answer = await response.json();
    if (response.ok) return answer;
    throw { status, code: answer.code };
  } catch (error) {
    throw (error as Refusal).code ? error : { status, code: "network" };
  }
}

/** Waiting times between tries: exponential with full jitter. */

export interface Backoff {
  /** Upper bound of the first wait, ms. */
  base: number;
  /** No wait is longer than this, ms. */
  cap: number;
}

/**
 * Milliseconds to wait before try number `attempt` (0 is the first retry): anywhere between 0 and
 * min(cap, base · 2^attempt), so that clients that fell together don't come back together.
 * The formula is "full jitter" of the AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function fullJitter(
  attempt: number,
  { base, cap }: Backoff,
  random: () => number = Math.random,
): number {
  return random() * Math.min(cap, base * 2 ** attempt);
}

/**
 * Seconds that a `Retry-After` header asks to wait (RFC 9110 §10.2.3: a number, or a date); null
 * when it says nothing.
 */
export function retryAfterSeconds(header: string | null, now = Date.now()): number | null {
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? +header : (Date.parse(header) - now) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, Math.ceil(seconds));
}

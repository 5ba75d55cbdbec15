/** Client-chosen ids: ULIDs (github.com/ulid/spec), so that they sort by when they were made. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** The last id's time, ms: never the same twice in this page and never going back. */
let last = 0;

/**
 * A new id of 26 characters: 48 bits of time (ms), 80 random bits.
 *
 * Ids made by one page sort in the order in which they were made, also inside one millisecond
 * and when the clock is set back.
 */
export function newId(now: number = Date.now()): string {
  last = Math.max(last + 1, now);
  let time = last;
  let head = "";
  for (let i = 0; i < 10; i += 1) {
    head = ALPHABET.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  let tail = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) tail += ALPHABET.charAt(byte % 32);
  return head + tail;
}

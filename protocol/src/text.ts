/** Text that comes from pages and people: safe to send, safe to cut. */

/** `text` with each half of a surrogate pair as U+FFFD: UTF-8, and so the server, can't carry them. */
export function toWellFormed(text: string): string {
  return text.toWellFormed();
}

/** `value` as JSON, all its texts well-formed. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "string" ? toWellFormed(each) : each));
}

/** At most `limit` UTF-16 units of a text, never a part of what a reader sees as one character. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return toWellFormed(text);
  const characters = new Intl.Segmenter().segment(text.slice(0, 2 * limit + 2));
  // A character that is longer than all of it is cut after all.
  return toWellFormed(text.slice(0, characters.containing(limit)?.index || limit));
}

/** A message as the server keeps it: no blank lines around it, its first line's indentation kept. */
export function trimMessage(text: string): string {
  return text.replace(/^\s*\n/, "").trimEnd();
}

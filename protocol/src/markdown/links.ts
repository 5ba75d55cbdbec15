/** Where addresses in a text end, what they lead to, and whether a link says so truthfully. */

/**
 * What an address may hold, brackets apart: no white space, nothing invisible or that turns the
 * direction, no quotation marks, and no full-width punctuation (CJK writes it without a space).
 */
const RUN =
  /[^\s()[\]{}<>"`|\\\p{C}\u2014\u2015\u2018-\u201f\u2026\u2039\u203a\xab\xbb\u3001-\u3004\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]*/uy;
/** What may be an address's last sign; others there belong to the sentence. */
const LAST = /[\p{L}\p{N}\p{M}/=#&%+$@)\]}-]/u;
const WEB = /^(?:https?:\/\/[\p{L}\p{N}[]|www\.[^/?#:.]+\.[\p{L}\p{N}])/iu;
const AUTHORITY = /^(?:https?:\/\/)?[^/?#]*/i;
/** Letters that can be taken for Latin ones, and signs that can be taken for a slash or a dot. */
const ALIKE = /[\u0131\u0138\u0250-\u2e7f]/;
const LATIN_ENDING = /\.[a-z\d-]+(?::\d*)?$/i;
const NEVER_SEEN = /\p{DI}/gu;
const TURNING = /[\u202a-\u202e\u2066-\u2069]/;
/** An address, or the name of a site; but not of a file whose ending is no site's. */
const LIKE_ADDRESS =
  /:\/\/|www\.|\S@\S|\d\.\d+\.\d+\.\d|[\p{L}\p{N}]\.(?!(?:js|ts|json|css|html?|php|pdf|txt|csv|xml|log|png|jpe?g|docx?|xlsx?)\b)\p{L}\p{L}/iu;

const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** Where the address ends whose scheme ends at `from`, without the signs of the sentence around it. */
export function addressEnd(text: string, from: number): number {
  let at = bracketed(text, from);
  while (at > from && !LAST.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

/** Where what may be an address ends, from `from` on: before a bracket that none in it opened. */
export function bracketed(text: string, from: number): number {
  const open: string[] = [];
  let at = from;
  for (;;) {
    RUN.lastIndex = at;
    RUN.test(text);
    at = RUN.lastIndex;
    const sign = text[at] ?? "";
    const closing = CLOSING[sign];
    if (closing) open.push(closing);
    else if (!sign || open.pop() !== sign) return at;
    at += 1;
  }
}

/** What an address as written leads to: nothing if it isn't one, or names somebody before its host. */
export function hrefOf(address: string): string | undefined {
  if (/^mailto:[^\s@]+@[^\s@]+$/i.test(address)) return address;
  if (!WEB.test(address) || AUTHORITY.exec(address)?.[0].includes("@")) return undefined;
  return /^www/i.test(address) ? `https://${address}` : address;
}

/** The host as it really is, where the one shown could be taken for another. */
export function hostBehind(href: string): string | undefined {
  const authority = AUTHORITY.exec(href)?.[0] ?? "";
  const isAlike = ALIKE.test(authority) && LATIN_ENDING.test(authority);
  return isAlike ? parsed(href)?.host : undefined;
}

/**
 * Whether a link may show these words: there is something to see, and if it looks like an address,
 * it is the one, or begins it, that the link leads to.
 */
export function mayShow(words: string, href: string): boolean {
  const seen = words
    .normalize("NFKC")
    .replace(NEVER_SEEN, "")
    .replace(/\u3002/g, ".")
    .trim();
  if (!/[^\s\p{C}]/u.test(seen) || TURNING.test(words)) return false;
  if (!LIKE_ADDRESS.test(seen)) return true;
  if (/^mailto:/i.test(href)) return mailbox(href) === mailbox(seen);
  const said = placeOf(seen.includes("://") ? seen : `https://${seen}`);
  return said !== "" && placeOf(href).startsWith(said);
}

function mailbox(address: string): string {
  return address.toLowerCase().replace(/^mailto:|\?.*/g, "");
}

/** Host and path, without what leads to the same place. */
function placeOf(address: string): string {
  const url = parsed(address);
  if (!url || url.username) return "";
  return `${url.host}${url.pathname}${url.search}${url.hash}`.replace(/^www\./, "");
}

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

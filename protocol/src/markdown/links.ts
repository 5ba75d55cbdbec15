/** Where addresses in a text end, what they lead to, and whether a link says so truthfully. */

/**
 * What an address may hold, brackets apart: no white space, nothing invisible or that turns the
 * direction, no quotation marks, and no full-width punctuation (CJK writes it without a space).
 */
const RUN =
  /[^\s<>"`|\\\p{C}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\u2014\u2026\u3001-\u3003\uff01-\uff20\uff5e-\uff65]*/uy;
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
  /:\/\/|www\.|\S@\S|\d\.\d+\.\d+\.\d|[\p{L}\p{N}]\s?[.\u3002](?!(?:js|json|css|html?|pdf|txt|csv|png|docx?|xlsx?)\b)\p{L}\p{L}/iu;

const OPENING = "([{";
const CLOSING = ")]}";

/** Where the address ends whose scheme ends at `from`, without the signs of the sentence around it. */
export function addressEnd(text: string, from: number): number {
  let at = bracketed(text, from);
  while (at > from && !LAST.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

/**
 * Where what may be an address ends, from `from` on: before a bracket that none in it opened.
 *
 * `known` are such ends by where they are from, and gets those behind all brackets that were passed:
 * so no sign is looked at again for an address in what was no address.
 */
export function bracketed(text: string, from: number, known = new Map<number, number>()): number {
  const before = known.get(from);
  if (before !== undefined) return before;
  const open: number[] = [];
  for (let at = from; ; at += 1) {
    RUN.lastIndex = at;
    RUN.test(text);
    at = RUN.lastIndex;
    const sign = text[at] ?? " ";
    if (OPENING.includes(sign)) open.push(at);
    else {
      const opened = open.pop();
      if (opened === undefined || OPENING.indexOf(text[opened] ?? "") !== CLOSING.indexOf(sign)) {
        for (const one of opened === undefined ? [] : [...open, opened]) known.set(one + 1, at);
        known.set(from, at);
        return at;
      }
      known.set(opened + 1, at);
    }
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
  const seen = words.normalize("NFKC").replace(NEVER_SEEN, "").trim();
  if (!seen || TURNING.test(words)) return false;
  if (!LIKE_ADDRESS.test(seen)) return true;
  const scheme = seen.includes("://") ? "" : seen.includes("@") ? "mailto:" : "https://";
  // What is said is the mailbox to its end, or the host to its end and how the path begins.
  const said = placeOf(scheme + seen + (scheme === "mailto:" ? "?" : ""));
  return !!said && placeOf(`${href}?`).startsWith(said);
}

/** An address in its normal form, without what leads to the same place. */
function placeOf(address: string): string {
  return parsed(address)?.href.replace(/^https?:\/\/(www\.)?/, "") ?? "";
}

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

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
const INVISIBLE = /\p{DI}/gu;
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/;
/** An address, or the name of a site; but not of a file whose ending is no site's. */
const LIKE_ADDRESS =
  /:\/\/|www\.|\S@\S|\d\.\d+\.\d+\.\d|[\p{L}\p{N}]\s?[.\u3002](?!(?:js|json|css|html?|pdf|txt|csv|png|docx?|xlsx?)\b)\p{L}\p{L}/iu;

const OPENING = "([{";
const CLOSING = ")]}";

/** Where the address ends whose scheme ends at `from`, without the signs of the sentence around it. */
export function addressEnd(text: string, from: number): number {
  let at = balancedEnd(text, from);
  while (at > from && !LAST.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

/**
 * Where what may be an address ends, from `from` on: before a bracket that none in it opened.
 *
 * `ends` are such by where they are from, and gets those behind all brackets that were passed:
 * so no sign is looked at again for an address in what was no address.
 */
export function balancedEnd(text: string, from: number, ends = new Map<number, number>()): number {
  const before = ends.get(from);
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
        for (const one of opened === undefined ? [] : [...open, opened]) ends.set(one + 1, at);
        ends.set(from, at);
        return at;
      }
      ends.set(opened + 1, at);
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
export function realHost(href: string): string | undefined {
  const authority = AUTHORITY.exec(href)?.[0] ?? "";
  const isAlike = ALIKE.test(authority) && LATIN_ENDING.test(authority);
  return isAlike ? parseUrl(href)?.host : undefined;
}

/**
 * Whether a link may show these words: there is something to see, and if it looks like an address,
 * it is the one, or begins it, that the link leads to.
 */
export function mayShow(words: string, href: string): boolean {
  const visible = words.normalize("NFKC").replace(INVISIBLE, "").trim();
  if (!visible || BIDI_CONTROLS.test(words)) return false;
  if (!LIKE_ADDRESS.test(visible)) return true;
  const scheme = visible.includes("://") ? "" : visible.includes("@") ? "mailto:" : "https://";
  // What is said is the mailbox to its end, or the host to its end and how the path begins.
  const claim = normalizeUrl(scheme + visible + (scheme === "mailto:" ? "?" : ""));
  return !!claim && normalizeUrl(`${href}?`).startsWith(claim);
}

/** An address in its normal form, without what leads to the same place. */
function normalizeUrl(address: string): string {
  return parseUrl(address)?.href.replace(/^https?:\/\/(www\.)?/, "") ?? "";
}

function parseUrl(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** The visitor's session: asked for once per page, kept in step with the identity given. */

import type { Identity, WidgetSession } from "@foyer/protocol";
import { request } from "../shared/api.ts";
import type { Options } from "../shared/shell.ts";
import { presence, toText } from "./presence.ts";
import { loadVisitor, type StoredVisitor, saveVisitor } from "./storage.ts";

/**
 * A short mark of whom an identity names, "" for nobody: enough to notice that it is somebody
 * else, without leaving their address in the host's storage. (FNV-1a, 32 bits.)
 */
export function hashIdentity(identity: Identity | null | undefined): string {
  const { token, ...given } = (identity ?? {}) as Claims & { token?: unknown };
  const { external_id, sub, email } = token ? readClaims(`${token}`) : given;
  const name = external_id ?? sub ?? email ?? "";
  if (name === "") return "";
  let hash = 0x811c9dc5;
  for (const char of `${name}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(36);
}

interface Claims {
  external_id?: unknown;
  sub?: unknown;
  email?: unknown;
}

/** What a JWT says, unchecked: the server checks it. */
function readClaims(token: string): Claims {
  try {
    return Object(
      JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"))),
    );
  } catch {
    return {};
  }
}

/** What is remembered for this identity: nothing but the look when it is somebody else's. */
export function loadVisitorFor(key: string, identity: Identity | null | undefined): StoredVisitor {
  const visitor = loadVisitor(key);
  const mark = hashIdentity(identity);
  const other = identity === null ? visitor.who : mark && visitor.who && visitor.who !== mark;
  const { look } = visitor;
  return other ? (look ? { look } : {}) : visitor;
}

/** The browser's IANA zone: `Temporal` knows it in no time, `Intl` takes 10-30 ms to wake up. */
function timeZone(): string {
  const { Temporal } = globalThis as { Temporal?: { Now?: { timeZoneId?(): string } } };
  // A host's polyfill may be an older one.
  return Temporal?.Now?.timeZoneId?.() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Asks for a session and remembers its visitor and look. Throws a `RequestError`.
 *
 * @param isOutdated Whether the answer is no longer wanted.
 */
export async function startSession(
  origin: string,
  { key, identity, preview }: Options,
  locale: string,
  isOutdated: () => boolean,
): Promise<WidgetSession> {
  if (preview) return preview;
  const start = async () => {
    const visitor = loadVisitorFor(key, identity);
    const { secret, who } = visitor;
    const session = await request<WidgetSession>(`${origin}/v1/widget/session`, {
      widget_key: key,
      ...(secret && { visitor_secret: secret }),
      ...(identity && { identity }),
      page: { ...presence().page, referrer: toText(document.referrer, 2000) },
      locale,
      time_zone: timeZone(),
    });
    const { colour, position, launcher_hidden, theme } = session.config;
    // Shut down, or somebody else by now: nobody may find this visitor here again.
    if (isOutdated()) return session;
    saveVisitor(key, {
      ...visitor,
      secret: session.visitor_secret,
      who: hashIdentity(identity) || (who ?? ""),
      look: { colour, position, launcher_hidden, theme },
    });
    return session;
  };
  // Two tabs that start together would become two visitors: the second waits for the first's secret.
  if (loadVisitor(key).secret || !navigator.locks) return start();
  return navigator.locks.request(`foyer:${key}`, start).catch((error) => {
    // Browsers refuse locks where they refuse storage.
    if (error instanceof DOMException) return start();
    throw error;
  });
}

/** The visitor's session: asked for once per page, kept in step with the identity given. */

import type { Identity, WidgetSession } from "@foyer/protocol";
import { ask } from "../shared/api.ts";
import type { Options } from "../shared/shell.ts";
import { type Remembered, recall, remember } from "./memory.ts";
import { presence, text } from "./presence.ts";

/**
 * A short mark of whom an identity names, "" for nobody: enough to notice that it is somebody
 * else, without leaving their address in the host's storage. (FNV-1a, 32 bits.)
 */
export function markOf(identity: Identity | null | undefined): string {
  const { token, ...given } = (identity ?? {}) as Claims & { token?: unknown };
  const { external_id, sub, email } = token ? claims(`${token}`) : given;
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
function claims(token: string): Claims {
  try {
    return Object(
      JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"))),
    );
  } catch {
    return {};
  }
}

/** What is remembered for this identity: nothing but the look when it is somebody else's. */
export function recallFor(key: string, identity: Identity | null | undefined): Remembered {
  const known = recall(key);
  const mark = markOf(identity);
  const other = identity === null ? known.who : mark && known.who && known.who !== mark;
  const { look } = known;
  return other ? (look ? { look } : {}) : known;
}

/** The browser's IANA zone: `Temporal` knows it in no time, `Intl` takes 10-30 ms to wake up. */
function timeZone(): string {
  const { Temporal } = globalThis as { Temporal?: { Now?: { timeZoneId?(): string } } };
  // A host's polyfill may be an older one.
  return Temporal?.Now?.timeZoneId?.() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Asks for a session and remembers its visitor and look. Throws a `Refusal`.
 *
 * @param outdated Whether the answer is no longer wanted.
 */
export async function startSession(
  origin: string,
  { key, identity, preview }: Options,
  locale: string,
  outdated: () => boolean,
): Promise<WidgetSession> {
  if (preview) return preview;
  const start = async () => {
    const known = recallFor(key, identity);
    const { secret, who } = known;
    const session = await ask<WidgetSession>(`${origin}/v1/widget/session`, {
      widget_key: key,
      ...(secret && { visitor_secret: secret }),
      ...(identity && { identity }),
      page: { ...presence().page, referrer: text(document.referrer, 2000) },
      locale,
      time_zone: timeZone(),
    });
    const { colour, position, launcher_hidden, theme } = session.config;
    // Shut down, or somebody else by now: nobody may find this visitor here again.
    if (outdated()) return session;
    remember(key, {
      ...known,
      secret: session.visitor_secret,
      who: markOf(identity) || (who ?? ""),
      look: { colour, position, launcher_hidden, theme },
    });
    return session;
  };
  // Two tabs that start together would become two visitors: the second waits for the first's secret.
  if (recall(key).secret || !navigator.locks) return start();
  return navigator.locks.request(`foyer:${key}`, start).catch((error) => {
    // Browsers refuse locks where they refuse storage.
    if (error instanceof DOMException) return start();
    throw error;
  });
}

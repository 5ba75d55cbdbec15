/**
 * What this browser was given when somebody signed in on it. It opens nothing: it tells them from a
 * stranger, so that wrong passwords of others don't keep them out. It stays when they sign out.
 */

const KEY = "foyer.devices";
/** People who share a browser. */
const MOST = 10;

type DeviceTokens = [person: string, token: string][];

export function findDeviceToken(email: string): string | undefined {
  return loadTokens().find(([person]) => person === hashEmail(email))?.[1];
}

export function saveDeviceToken(email: string, token: string | null | undefined): void {
  if (!token) return;
  const others = loadTokens().filter(([person]) => person !== hashEmail(email));
  const latest: DeviceTokens = [...others, [hashEmail(email), token]];
  try {
    localStorage.setItem(KEY, JSON.stringify(latest.slice(-MOST)));
  } catch {
    // storage may be full or forbidden: the device is then new each time
  }
}

function loadTokens(): DeviceTokens {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? (stored.filter(Array.isArray) as DeviceTokens) : [];
  } catch {
    return [];
  }
}

/** Tells people apart without keeping their address for whoever has the browser next (FNV-1a). */
function hashEmail(email: string): string {
  let hash = 0x811c9dc5;
  for (const character of email.trim().toLowerCase()) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}

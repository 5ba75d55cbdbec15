/**
 * Sessions that were ended in this browser and of which the server may not have heard yet.
 *
 * Whoever signs out is signed out here at once. When the server can't be reached it is told as soon
 * as it can be, while this tab lives; the token isn't kept for whoever opens the browser next.
 */

import { createHttp, Problem } from "@foyer/protocol";
import { signal } from "@preact/signals";
import { apiOrigin } from "./origin";

const KEY = "foyer.farewells";
const RETRY = { first: 2_000, longest: 60_000 };

const pendingTokens = new Set<string>(load());
/** Whether the server couldn't be told so far. */
export const isLogoutPending = signal(pendingTokens.size > 0);
let attempts = 0;
let timer = 0;

// The tab may be closed right after.
const http = createHttp({
  base: apiOrigin,
  retries: 0,
  fetch: (input, init) => fetch(input, { ...init, keepalive: true }),
});

/** Have the server end the session of a refresh token. */
export async function revokeSession(refreshToken: string): Promise<void> {
  pendingTokens.add(refreshToken);
  save();
  await revokeAll();
}

async function revokeAll(): Promise<void> {
  clearTimeout(timer);
  for (const token of [...pendingTokens]) {
    if (await revoke(token)) pendingTokens.delete(token);
  }
  save();
  isLogoutPending.value = pendingTokens.size > 0;
  attempts = isLogoutPending.value ? attempts + 1 : 0;
  if (isLogoutPending.value) {
    const wait = Math.min(RETRY.longest, RETRY.first * 2 ** (attempts - 1));
    timer = window.setTimeout(() => void revokeAll(), wait);
  }
}

/** Whether there is nothing more to say: it is done, or the server will never take it. */
async function revoke(refreshToken: string): Promise<boolean> {
  try {
    const body = { refresh_token: refreshToken };
    await http.post("/v1/auth/logout", body, { anonymous: true });
    return true;
  } catch (error) {
    return error instanceof Problem && !error.isTransient;
  }
}

function load(): string[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function save(): void {
  try {
    if (pendingTokens.size > 0) sessionStorage.setItem(KEY, JSON.stringify([...pendingTokens]));
    else sessionStorage.removeItem(KEY);
  } catch {
    // storage may be forbidden: it is then tried as long as the page lives
  }
}

addEventListener("online", () => void (pendingTokens.size > 0 && revokeAll()));
if (pendingTokens.size > 0) void revokeAll();

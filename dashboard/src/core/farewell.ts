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
const AGAIN = { first: 2_000, longest: 60_000 };

const waiting = new Set<string>(load());
/** Whether the server couldn't be told so far. */
export const unheard = signal(waiting.size > 0);
let tried = 0;
let timer = 0;

// The tab may be closed right after.
const http = createHttp({
  base: apiOrigin,
  retries: 0,
  fetch: (input, init) => fetch(input, { ...init, keepalive: true }),
});

/** Have the server end the session of a refresh token. */
export async function sayFarewell(refreshToken: string): Promise<void> {
  waiting.add(refreshToken);
  save();
  await sayAll();
}

async function sayAll(): Promise<void> {
  clearTimeout(timer);
  for (const token of [...waiting]) {
    if (await heard(token)) waiting.delete(token);
  }
  save();
  unheard.value = waiting.size > 0;
  tried = unheard.value ? tried + 1 : 0;
  if (unheard.value) {
    const wait = Math.min(AGAIN.longest, AGAIN.first * 2 ** (tried - 1));
    timer = window.setTimeout(() => void sayAll(), wait);
  }
}

/** Whether there is nothing more to say: it is done, or the server will never take it. */
async function heard(refreshToken: string): Promise<boolean> {
  try {
    const body = { refresh_token: refreshToken };
    await http.post("/v1/auth/logout", body, { anonymous: true });
    return true;
  } catch (error) {
    return error instanceof Problem && !error.passing;
  }
}

function load(): string[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function save(): void {
  try {
    if (waiting.size > 0) sessionStorage.setItem(KEY, JSON.stringify([...waiting]));
    else sessionStorage.removeItem(KEY);
  } catch {
    // storage may be forbidden: it is then tried as long as the page lives
  }
}

addEventListener("online", () => void (waiting.size > 0 && sayAll()));
if (waiting.size > 0) void sayAll();

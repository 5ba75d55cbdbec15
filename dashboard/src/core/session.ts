/** Who is signed in, and the one HTTP client that speaks for them. */

import { createHttp, type Me, Problem, type Tokens, type User } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { saveDeviceToken } from "./device";
import { revokeSession } from "./logout";
import { apiOrigin } from "./origin";
import { readSession, SESSION_KEY, type Session } from "./storage";

const REFRESH_LOCK = "foyer.refresh";
/** Other tabs see what was stored a moment after it was: who waits for the lock shall find it; ms. */
const STORAGE_DELAY_MS = 250;

const storedSession = signal<Session | null>(readSession());
/** Whether the session was ended by the server rather than by its owner. */
export const isEndedByServer = signal(false);
/** True between signing in and choosing a workspace, for people who belong to several. */
export const isChoosingWorkspace = signal(false);
export const session = computed(() => storedSession.value);
export const me = computed(() => storedSession.value?.user ?? null);
/** A zone that this browser can tell times in: one's own, unless it is newer than the browser. */
export const timeZone = computed(() => {
  const own = storedSession.value?.user.time_zone;
  return own && isZone(own) ? own : browserZone();
});

export const http = createHttp({
  base: apiOrigin,
  token: () => storedSession.value?.access_token,
  refresh,
});

/** Where the browser says it is; some say `Etc/Unknown`, in which no time can be told. */
export function browserZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone && isZone(zone) ? zone : "UTC";
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Start, or replace, the session with what a sign-in answered. */
export function startSession(tokens: Tokens): void {
  const { access_token, refresh_token, user, workspace, role, workspaces } = tokens;
  saveDeviceToken(user.email, tokens.device_token);
  isEndedByServer.value = false;
  save({ access_token, refresh_token, user, workspace, role, workspaces });
}

/** Note what the server now says about the user and the workspace. */
export function updateSession(change: Partial<Me>): void {
  if (storedSession.value) save({ ...storedSession.value, ...change });
}

export function updateUser(change: Partial<User>): void {
  if (storedSession.value)
    save({ ...storedSession.value, user: { ...storedSession.value.user, ...change } });
}

/** End the session here and in every other tab; tells the server unless it already knows. */
export async function signOut({ tellServer = true } = {}): Promise<void> {
  const ending = readSession() ?? storedSession.value;
  isEndedByServer.value = false;
  save(null);
  if (ending && tellServer) await revokeSession(ending.refresh_token);
}

/** Join another workspace of the same person; the page then starts afresh. */
export async function switchWorkspace(workspaceId: string): Promise<void> {
  startSession(await http.post<Tokens>("/v1/auth/switch", { workspace_id: workspaceId }));
  location.assign("/");
}

/** Make a further workspace and go on in it. */
export async function createWorkspace(name: string): Promise<void> {
  startSession(await http.post<Tokens>("/v1/workspaces", { name }));
  location.assign("/");
}

/**
 * Rotate the refresh token; false when the session is over.
 *
 * A rotated token may be used once only, so one tab at a time refreshes (Web Lock); a tab that
 * waited finds the tokens its neighbour has just stored and takes those.
 */
async function refresh(): Promise<boolean> {
  const failed = storedSession.value?.access_token;
  const rotate = async () => {
    const current = readSession();
    storedSession.value = current;
    if (!current) return false;
    if (current.access_token !== failed) return true;
    return renew(current);
  };
  if (!navigator.locks) return rotate();
  return new Promise((answer, fail) => {
    void navigator.locks.request(REFRESH_LOCK, async () => {
      await rotate().then(answer, fail);
      await new Promise((end) => setTimeout(end, STORAGE_DELAY_MS));
    });
  });
}

async function renew(current: Session): Promise<boolean> {
  const open = createHttp({ base: apiOrigin, retries: 1 });
  try {
    const tokens = await open.post<Tokens>(
      "/v1/auth/refresh",
      { refresh_token: current.refresh_token },
      { anonymous: true },
    );
    // Whoever signed out meanwhile, in this tab or another, stays so.
    if (!storedSession.value) return false;
    startSession(tokens);
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || error.isTransient) throw error;
    if (!storedSession.value) return false;
    const now = readSession();
    if (now && now.refresh_token !== current.refresh_token) {
      storedSession.value = now;
      return true;
    }
    isEndedByServer.value = true;
    save(null);
    return false;
  }
}

function save(next: Session | null): void {
  storedSession.value = next;
  try {
    if (next) localStorage.setItem(SESSION_KEY, JSON.stringify(next));
    else localStorage.removeItem(SESSION_KEY);
  } catch {
    // storage may be full or forbidden: the session then lives as long as the page
  }
}

addEventListener("storage", (event) => {
  if (event.key === SESSION_KEY || event.key === null) {
    const next = readSession();
    const hasOtherWorkspace =
      next && storedSession.value && next.workspace.id !== storedSession.value.workspace.id;
    storedSession.value = next;
    if (hasOtherWorkspace) location.assign("/");
  }
});

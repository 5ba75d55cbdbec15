/**
 * Changes that can't be made now, for there is no network or the server is in trouble: shown at
 * once, kept in this browser, done in order when it works again. One that the server then refuses
 * is told, and the truth is fetched again.
 */

import { type Conversation, Problem } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { http, session } from "../core/session";

export interface QueuedChange {
  conversationId: string;
  /** Last part of the path: `close`, `snooze` … */
  action: string;
  body: Record<string, unknown>;
  /** What a failure is told as. */
  label: string;
  /** When it was queued, milliseconds since the epoch. */
  at?: number;
}

const SLOW_MS = 6_000;
const KEY = "foyer.changes";
const storedChanges = signal<readonly QueuedChange[]>(load());
let isDraining = false;

export const queuedChanges = computed(() => storedChanges.value);
/** When what is queued counts as slow, milliseconds since the epoch; Infinity when nothing is. */
export const changesSlowAt = computed(() => (queuedChanges.value[0]?.at ?? Infinity) + SLOW_MS);

/** Post a change; null when it was queued because it can't be now. Raises Problem when refused. */
export async function postOrQueue(change: QueuedChange): Promise<Conversation | null> {
  if (storedChanges.value.some((one) => one.conversationId === change.conversationId))
    return enqueue(change);
  try {
    return await send(change);
  } catch (error) {
    if (error instanceof Problem && error.isTransient) return enqueue(change);
    throw error;
  }
}

/**
 * Do what is queued, oldest first. `onRefused` hears of what the server didn't want any more.
 *
 * Answers the seconds that the server asks to wait before the rest, null when there is none.
 */
export async function drain(
  onDone: (conversation: Conversation) => void,
  onRefused: (change: QueuedChange, error: unknown) => void,
): Promise<number | null> {
  if (isDraining) return 0;
  isDraining = true;
  try {
    for (let next = storedChanges.value[0]; next; next = storedChanges.value[0]) {
      try {
        onDone(await send(next));
      } catch (error) {
        if (error instanceof Problem && error.isTransient) return error.retryAfter ?? 0;
        onRefused(next, error);
      }
      save(storedChanges.value.slice(1));
    }
    return null;
  } finally {
    isDraining = false;
  }
}

function send({ conversationId, action, body }: QueuedChange): Promise<Conversation> {
  return http.post<Conversation>(`/v1/conversations/${conversationId}/${action}`, body);
}

function enqueue(change: QueuedChange): null {
  save([...storedChanges.value, { ...change, at: Date.now() }]);
  return null;
}

function storageKey(): string {
  const ownSession = session.value;
  return ownSession ? `${KEY}.${ownSession.workspace.id}.${ownSession.user.id}` : KEY;
}

function save(changes: readonly QueuedChange[]): void {
  storedChanges.value = changes;
  try {
    if (changes.length > 0) localStorage.setItem(storageKey(), JSON.stringify(changes));
    else localStorage.removeItem(storageKey());
  } catch {
    // without storage they live as long as the page
  }
}

function load(): QueuedChange[] {
  try {
    const changes: unknown = JSON.parse(localStorage.getItem(storageKey()) ?? "[]");
    return Array.isArray(changes) ? changes : [];
  } catch {
    return [];
  }
}

/** Read what an earlier visit of this person left. */
export function loadChanges(): void {
  storedChanges.value = load();
}

/** The workspace's settings: fetched when first needed, changed field by field. */

import { Problem, type Workspace } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { explain } from "./problems";
import { http, session, updateSession } from "./session";

const current = signal<Workspace | null>(null);
const failure = signal<string | null>(null);

export const workspace = computed(() => current.value);
export const workspaceFailure = computed(() => failure.value);

export async function loadWorkspace(): Promise<void> {
  failure.value = null;
  try {
    current.value = await http.get<Workspace>("/v1/workspace");
  } catch (error) {
    failure.value = explain(error);
  }
}

export interface WorkspaceChange {
  name?: string;
  widget?: Partial<Workspace["widget"]>;
  identity?: { mode: Workspace["identity"]["mode"] };
  settings?: Partial<Workspace["settings"]>;
}

/**
 * Change some settings. A colleague's change in between is merged: ours is made again on top of
 * theirs. Raises Problem.
 */
export async function changeWorkspace(change: WorkspaceChange): Promise<void> {
  const send = () =>
    http.patch<Workspace>("/v1/workspace", change, {
      ...(current.value ? { ifMatch: current.value.version } : {}),
    });
  try {
    setWorkspace(await send());
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 412) throw error;
    await loadWorkspace();
    setWorkspace(await send());
  }
}

export function setWorkspace(next: Workspace): void {
  current.value = next;
  const mine = session.value;
  if (mine && mine.workspace.name !== next.name) {
    const { id } = mine.workspace;
    updateSession({
      workspace: { id, name: next.name },
      workspaces: mine.workspaces.map((one) => (one.id === id ? { ...one, name: next.name } : one)),
    });
  }
}

export function forgetWorkspace(): void {
  current.value = null;
}

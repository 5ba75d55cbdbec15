/** The workspace's members, fetched once and after changes: assignees, faces, the team page. */

import type { Member, Page } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { explain } from "./problems";
import { http } from "./session";

const members = signal<readonly Member[]>([]);
const state = signal<"loading" | "ready" | "failed">("loading");
const failure = signal("");

export const team = computed(() => members.value);
export const teamState = computed(() => state.value);
export const teamFailure = computed(() => failure.value);

const MOST_PAGES = 20;

export async function loadTeam(): Promise<void> {
  try {
    const all: Member[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer: Page<Member> = await http.get("/v1/users", { limit: 100, cursor });
      all.push(...answer.data);
      cursor = answer.next_cursor;
      if (!cursor) break;
    }
    members.value = all;
    state.value = "ready";
  } catch (error) {
    failure.value = explain(error);
    if (members.value.length === 0) state.value = "failed";
  }
}

export function setMembers(change: (current: readonly Member[]) => readonly Member[]): void {
  members.value = change(members.value);
}

export function forgetTeam(): void {
  members.value = [];
  state.value = "loading";
}

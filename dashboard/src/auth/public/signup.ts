/** What is to know before signing in: whether anybody may sign up here, and where mails go. */

import type { SignupStanding } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { http } from "../../core/session";

/** Null until the server has answered; `failed` when it couldn't be reached. */
export const standing = signal<SignupStanding | null>(null);
export const failed = signal<unknown>(null);
/** Whether mails stay on the server's machine, where somebody has to look for them. */
export const mailStays = computed(() => standing.value?.mail_stays ?? false);

export async function askStanding(): Promise<void> {
  failed.value = null;
  try {
    standing.value = await http.get<SignupStanding>("/v1/auth/signup", {}, { anonymous: true });
  } catch (error) {
    failed.value = error;
  }
}

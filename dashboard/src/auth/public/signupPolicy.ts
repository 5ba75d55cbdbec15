/** What is to know before signing in: whether anybody may sign up here, and where mails go. */

import type { SignupPolicy } from "@foyer/protocol";
import { computed, signal } from "@preact/signals";
import { http } from "../../core/session";

/** Null until the server has answered; `signupFailure` when it couldn't be reached. */
export const signupPolicy = signal<SignupPolicy | null>(null);
export const signupFailure = signal<unknown>(null);
/** Whether mails stay on the server's machine, where somebody has to look for them. */
export const isMailLocal = computed(() => signupPolicy.value?.mail_stays ?? false);

export async function loadSignupPolicy(): Promise<void> {
  signupFailure.value = null;
  try {
    signupPolicy.value = await http.get<SignupPolicy>("/v1/auth/signup", {}, { anonymous: true });
  } catch (error) {
    signupFailure.value = error;
  }
}

/** Whether anybody may sign up here: asked once, before a form or a link to it is shown. */

import type { SignupStanding } from "@foyer/protocol";
import { signal } from "@preact/signals";
import { http } from "../app/session";

/** Null until the server has answered; `failed` when it couldn't be reached. */
export const standing = signal<SignupStanding | null>(null);
export const failed = signal<unknown>(null);

export async function askStanding(): Promise<void> {
  failed.value = null;
  try {
    standing.value = await http.get<SignupStanding>("/v1/auth/signup", {}, { anonymous: true });
  } catch (error) {
    failed.value = error;
  }
}

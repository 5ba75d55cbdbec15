/** What this browser remembers of who is here. The first file that runs reads it: no signals. */

import type { Me } from "@foyer/protocol";
import { bestLanguage } from "../languages";

/** What is kept between visits; shared by all tabs of this origin. */
export interface Session extends Me {
  access_token: string;
  refresh_token: string;
}

export const SESSION_KEY = "foyer.session";
export const LANGUAGE_KEY = "foyer.language";

export function readSession(): Session | null {
  try {
    const session = JSON.parse(localStorage.getItem(SESSION_KEY) ?? "null") as Session | null;
    return session?.access_token && session.user && session.workspace ? session : null;
  } catch {
    return null;
  }
}

/** What was last chosen by somebody who is signed out now. */
export function readLanguage(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}

/** Which language somebody wants: chosen in their profile, else on this device, else their browser's. */
export function languageFor(mine: Session | null, onDevice: string | null): string {
  const chosen = mine ? mine.user.language : onDevice;
  return bestLanguage([...(chosen ? [chosen] : []), ...navigator.languages]);
}

/** Who may be where. */

import { effect } from "@preact/signals";
import { decodePath, ownPath } from "../core/paths";
import { navigate, place } from "../core/router";
import { isChoosingWorkspace, session } from "../core/session";
import { homePath, isPublic, redirectsToShell, signInRoute } from "./routes";

/** Where to go on after signing in, when a deep link was opened while signed out. */
const RETURN_KEY = "foyer.return";

/** Whether it is one of the shell's pages that is to be shown; of a signed-in operator, that is. */
export function isShellVisible(): boolean {
  return session.value !== null && !isChoosingWorkspace.value && !isPublic(place.value.path);
}

/** Lead signed-out visitors to the sign-in page and signed-in ones off it; both keep their way. */
export function startGuard(): void {
  effect(guard);
}

function guard(): void {
  const { path } = place.value;
  if (!session.value) {
    if (isPublic(path)) return;
    if (path !== "/") saveReturnPath(ownPath(location.pathname + location.search));
    navigate(signInRoute?.pattern ?? "/", { replace: true });
    return;
  }
  if (redirectsToShell(path)) navigate(takeReturnPath() ?? homePath, { replace: true });
}

function saveReturnPath(path: string): void {
  try {
    sessionStorage.setItem(RETURN_KEY, path);
  } catch {
    // storage may be forbidden: one then begins at the first place
  }
}

function takeReturnPath(): string | null {
  try {
    const path = ownPath(sessionStorage.getItem(RETURN_KEY) ?? "");
    sessionStorage.removeItem(RETURN_KEY);
    // The way back to a page that leads here would go round in circles.
    return path === "/" || isPublic(decodePath(new URL(path, location.origin).pathname))
      ? null
      : path;
  } catch {
    return null;
  }
}

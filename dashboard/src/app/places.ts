/** Which page an address means, and who may be there. */

import { effect } from "@preact/signals";
import type { Params, Place, Route } from "../core/module";
import { match, navigate, ownPath, place, readable } from "../core/router";
import { isChoosing, session } from "../core/session";
import { modules } from "./modules";

const routes = modules.flatMap((module) => module.routes);
/** Where one begins, known before any text is there: the first module's page. */
const home = routes[0]?.pattern.replace(/\/:.*$/u, "") ?? "/";
/** Where one signs in. */
export const frontDoor = routes.find((route) => route.access === "guest");

/** Where to go on after signing in, when a deep link was opened while signed out. */
const RETURN_KEY = "foyer.return";

export interface Found {
  route: Route;
  params: Params;
}

/** The places of the navigation, in their order. */
export function places(): readonly Place[] {
  return modules.flatMap((module) => module.nav?.() ?? []);
}

export function routeOf(path: string): Found | null {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
}

/** Whether it is one of the shell's pages that is to be shown; of a signed-in operator, that is. */
export function isInside(): boolean {
  return session.value !== null && !isChoosing.value && !isOpen(place.value.path);
}

/** The page for whoever isn't inside: that of the address, else where one signs in. */
export function outsideOf(path: string): Found | null {
  const found = routeOf(path);
  if (found?.route.access) return found;
  return frontDoor ? { route: frontDoor, params: {} } : null;
}

/** Whether people who aren't signed in may be there. */
function isOpen(path: string): boolean {
  return routeOf(path)?.route.access !== undefined;
}

/** Lead signed-out visitors to the sign-in page and signed-in ones off it; both keep their way. */
export function startGuard(): void {
  effect(guard);
}

function guard(): void {
  const { path } = place.value;
  if (!session.value) {
    if (isOpen(path)) return;
    if (path !== "/") remember(ownPath(location.pathname + location.search));
    navigate(frontDoor?.pattern ?? "/", { replace: true });
    return;
  }
  if (path === "/" || routeOf(path)?.route.access === "guest") {
    navigate(remembered() ?? home, { replace: true });
  }
}

function remember(way: string): void {
  try {
    sessionStorage.setItem(RETURN_KEY, way);
  } catch {
    // storage may be forbidden: one then begins at the first place
  }
}

function remembered(): string | null {
  try {
    const way = ownPath(sessionStorage.getItem(RETURN_KEY) ?? "");
    sessionStorage.removeItem(RETURN_KEY);
    // The way back to a page that leads here would go round in circles.
    return way === "/" || isOpen(readable(new URL(way, location.origin).pathname)) ? null : way;
  } catch {
    return null;
  }
}

/** Which page an address means, and who may be there. */

import { effect } from "@preact/signals";
import type { NavItem, Params, Route } from "../core/module";
import { decodePath, match, navigate, ownPath, place } from "../core/router";
import { isChoosingWorkspace, session } from "../core/session";
import { modules } from "./modules";

const routes = modules.flatMap((module) => module.routes);
/** Where one begins, known before any text is there: the first module's page. */
const homePath = routes[0]?.pattern.replace(/\/:.*$/u, "") ?? "/";
/** Where one signs in. */
export const signInRoute = routes.find((route) => route.access === "guest");

/** Where to go on after signing in, when a deep link was opened while signed out. */
const RETURN_KEY = "foyer.return";

export interface RouteMatch {
  route: Route;
  params: Params;
}

/** The places of the navigation, in their order. */
export function navItems(): readonly NavItem[] {
  return modules.flatMap((module) => module.nav?.() ?? []);
}

export function findRoute(path: string): RouteMatch | null {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
}

/** Whether it is one of the shell's pages that is to be shown; of a signed-in operator, that is. */
export function isShellVisible(): boolean {
  return session.value !== null && !isChoosingWorkspace.value && !isPublic(place.value.path);
}

/** The page for whoever isn't inside: that of the address, else where one signs in. */
export function findOuterRoute(path: string): RouteMatch | null {
  const routeMatch = findRoute(path);
  if (routeMatch?.route.access) return routeMatch;
  return signInRoute ? { route: signInRoute, params: {} } : null;
}

/** Whether people who aren't signed in may be there. */
function isPublic(path: string): boolean {
  return findRoute(path)?.route.access !== undefined;
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
  if (path === "/" || findRoute(path)?.route.access === "guest") {
    navigate(takeReturnPath() ?? homePath, { replace: true });
  }
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

/** Which page an address means. The first file that runs asks it: nothing here remembers or draws. */

import type { Params, Parts, Route } from "../core/module";
import { match } from "../core/paths";
import { parts } from "./parts";

const routes = parts.flatMap((one) => one.routes);
/** Where one begins, known before any text is there: the first module's page. */
export const homePath = routes[0]?.pattern.replace(/\/:.*$/u, "") ?? "/";
/** Where one signs in. */
export const signInRoute = routes.find((route) => route.access === "guest");

export interface RouteMatch {
  route: Route;
  params: Params;
}

export function findRoute(path: string): RouteMatch | null {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
}

/** What is fetched of the module whose page it is. */
export function partsOf(route: Route): Parts | undefined {
  return parts.find((one) => one.routes.includes(route));
}

/** Whether people who aren't signed in may be there. */
export function isPublic(path: string): boolean {
  return findRoute(path)?.route.access !== undefined;
}

/** Whether whoever is signed in is led on from there. */
export function redirectsToShell(path: string): boolean {
  return path === "/" || findRoute(path)?.route.access === "guest";
}

/** The page for whoever isn't inside: that of the address, else where one signs in. */
export function findOuterRoute(path: string): RouteMatch | null {
  const routeMatch = findRoute(path);
  if (routeMatch?.route.access) return routeMatch;
  return signInRoute ? { route: signInRoute, params: {} } : null;
}

/** The page that comes up at an address, once the guard has led everybody to where they may be. */
export function findFirstRoute(path: string, isSignedIn: boolean): RouteMatch | null {
  if (!isSignedIn) return findOuterRoute(path);
  return findRoute(redirectsToShell(path) ? homePath : path);
}

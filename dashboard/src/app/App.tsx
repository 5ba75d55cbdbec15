import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { AuthPages, isAuthPath } from "../auth/AuthPages";
import { m } from "../core/messages.en";
import { isChanging } from "../core/preferred";
import { navigate, ownPath, place, readable } from "../core/router";
import { session } from "../core/session";
import { Toasts } from "../ui/Toast";
import { Tooltips } from "../ui/Tooltip";
import { Shell } from "./shell/Shell";

/** Where to go on after signing in, when a deep link was opened while signed out. */
const RETURN_KEY = "foyer.return";

export function App() {
  useEffect(() => effect(guard), []);
  const { path } = place.value;
  const inside = session.value !== null && !isAuthPath(path) && !isChanging.value;
  return (
    <>
      {inside ? <Shell key={session.value?.workspace.id} /> : <AuthPages />}
      <Toasts undoLabel={m.app.undo} closeLabel={m.app.close} regionLabel={m.app.notifications} />
      <Tooltips />
    </>
  );
}

/** Signed-out visitors go to the sign-in page, signed-in ones leave it; both keep their way. */
function guard(): void {
  const { path } = place.value;
  if (!session.value) {
    if (isAuthPath(path)) return;
    if (path !== "/") remember(ownPath(location.pathname + location.search));
    navigate("/login", { replace: true });
    return;
  }
  if (path === "/" || path === "/login" || path === "/signup") {
    navigate(remembered() ?? "/conversations", { replace: true });
  }
}

function remember(way: string): void {
  try {
    sessionStorage.setItem(RETURN_KEY, way);
  } catch {
    // storage may be forbidden: one then begins at the conversations
  }
}

function remembered(): string | null {
  try {
    const way = ownPath(sessionStorage.getItem(RETURN_KEY) ?? "");
    sessionStorage.removeItem(RETURN_KEY);
    // The way back to a page that leads here would go round in circles.
    return way === "/" || isAuthPath(readable(new URL(way, location.origin).pathname)) ? null : way;
  } catch {
    return null;
  }
}

import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { AuthPages, isAuthPath } from "../auth/AuthPages";
import { Toasts } from "../ui/Toast";
import { Tooltips } from "../ui/Tooltip";
import { m } from "./messages.en";
import { navigate, place } from "./router";
import { session } from "./session";
import { Shell } from "./shell/Shell";

/** Where to go on after signing in, when a deep link was opened while signed out. */
const RETURN_KEY = "foyer.return";

export function App() {
  useEffect(() => effect(guard), []);
  const { path } = place.value;
  const inside = session.value !== null && !isAuthPath(path);
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
    if (path !== "/") sessionStorage.setItem(RETURN_KEY, location.pathname + location.search);
    navigate("/login", { replace: true });
    return;
  }
  if (path === "/" || path === "/login" || path === "/signup") {
    const back = sessionStorage.getItem(RETURN_KEY) ?? "/conversations";
    sessionStorage.removeItem(RETURN_KEY);
    navigate(back, { replace: true });
  }
}

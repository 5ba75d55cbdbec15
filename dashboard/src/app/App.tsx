import { useRef } from "preact/hooks";
import { common } from "../core/messages";
import { isLanguageChanging } from "../core/preferredLanguage";
import { singleKeys } from "../core/prefs";
import { place } from "../core/router";
import { session } from "../core/session";
import { Toasts } from "../ui/Toast";
import { Tooltips } from "../ui/Tooltip";
import { isShellVisible } from "./guard";
import { m } from "./messages";
import { findOuterRoute } from "./routes";
import { Screen } from "./Screen";
import { Shell } from "./shell/Shell";

export function App() {
  const isInside = useRef(false);
  // Whoever comes in waits for their language; who is inside keeps place and focus while it changes.
  isInside.current = isShellVisible() && (isInside.current || !isLanguageChanging.value);
  const outerRoute = isInside.current ? null : findOuterRoute(place.value.path);
  return (
    <>
      {outerRoute ? <Screen {...outerRoute} /> : <Shell key={session.value?.workspace.id} />}
      <Toasts
        undoLabel={common.undo}
        undoKeys={singleKeys.value ? "u" : "Mod-z"}
        closeLabel={common.close}
        regionLabel={m.notifications}
      />
      <Tooltips />
    </>
  );
}

import { m } from "../core/messages.en";
import { isChanging } from "../core/preferred";
import { place } from "../core/router";
import { session } from "../core/session";
import { Toasts } from "../ui/Toast";
import { Tooltips } from "../ui/Tooltip";
import { isInside, outsideOf } from "./places";
import { Screen } from "./Screen";
import { Shell } from "./shell/Shell";

export function App() {
  const outside = isInside() && !isChanging.value ? null : outsideOf(place.value.path);
  return (
    <>
      {outside ? <Screen {...outside} /> : <Shell key={session.value?.workspace.id} />}
      <Toasts undoLabel={m.app.undo} closeLabel={m.app.close} regionLabel={m.app.notifications} />
      <Tooltips />
    </>
  );
}

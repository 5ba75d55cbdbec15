import { common } from "../core/messages";
import { isChanging } from "../core/preferred";
import { place } from "../core/router";
import { session } from "../core/session";
import { Toasts } from "../ui/Toast";
import { Tooltips } from "../ui/Tooltip";
import { m } from "./messages";
import { isInside, outsideOf } from "./places";
import { Screen } from "./Screen";
import { Shell } from "./shell/Shell";

export function App() {
  const outside = isInside() && !isChanging.value ? null : outsideOf(place.value.path);
  return (
    <>
      {outside ? <Screen {...outside} /> : <Shell key={session.value?.workspace.id} />}
      <Toasts undoLabel={common.undo} closeLabel={common.close} regionLabel={m.notifications} />
      <Tooltips />
    </>
  );
}

import { Check, CircleAlert, LoaderCircle } from "lucide";
import { Icon } from "./Icon";
import type { SaveState } from "./useSaved";

interface SavedMarkProps {
  state: SaveState;
  failure: string | null;
  savingLabel: string;
  savedLabel: string;
}

/** Says beside a form's title that what was changed is kept, or why it is not. */
export function SavedMark({ state, failure, savingLabel, savedLabel }: SavedMarkProps) {
  return (
    <span class={`saved saved-${state}`} role="status">
      {state === "saving" && (
        <>
          <Icon of={LoaderCircle} size={14} class="spin" /> {savingLabel}
        </>
      )}
      {state === "saved" && (
        <>
          <Icon of={Check} size={14} /> {savedLabel}
        </>
      )}
      {state === "failed" && (
        <>
          <Icon of={CircleAlert} size={14} /> {failure}
        </>
      )}
    </span>
  );
}

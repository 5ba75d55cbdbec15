import { Check, CircleAlert, LoaderCircle } from "lucide";
import { Icon } from "./Icon";
import type { SaveState } from "./useSave";

interface SaveStatusProps {
  state: SaveState;
  failure: string | null;
  savingLabel: string;
  savedLabel: string;
}

/** Says beside a form's title that what was changed is kept, or why it is not. */
export function SaveStatus({ state, failure, savingLabel, savedLabel }: SaveStatusProps) {
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

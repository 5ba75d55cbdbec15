import { AlarmClock, Check, RotateCcw, UserRoundPlus, X } from "lucide";
import { IconButton } from "../ui/Button";
import { close, reopen } from "./actions";
import { selection } from "./currentSelection";
import { m } from "./messages";
import { openAssignPicker, openSnoozePicker } from "./pickers";
import { EMPTY_SELECTION } from "./selection";
import { conversationOf } from "./store";

/** Takes the place of the status tabs once rows are marked; what it does can be undone as one. */
export function BulkBar() {
  const { ids } = selection.value;
  if (ids.length === 0) return null;
  const areAllClosed = ids.every((id) => conversationOf(id)?.status === "closed");
  const clear = () => {
    selection.value = EMPTY_SELECTION;
  };
  const text = m.actions;
  return (
    <div class="bulk" role="toolbar" aria-label={m.selected({ count: ids.length })}>
      <span class="bulk-count" role="status">
        {m.selected({ count: ids.length })}
      </span>
      <IconButton
        icon={UserRoundPlus}
        label={text.assign}
        keys="a"
        onClick={() => openAssignPicker(ids)}
      />
      {!areAllClosed && (
        <IconButton
          icon={AlarmClock}
          label={text.snooze}
          keys="z"
          onClick={() => openSnoozePicker(ids)}
        />
      )}
      {areAllClosed ? (
        <IconButton icon={RotateCcw} label={text.open} onClick={() => reopen(ids)} />
      ) : (
        <IconButton icon={Check} label={text.close} keys="e" onClick={() => close(ids)} />
      )}
      <IconButton icon={X} label={m.clearSelection} keys="Escape" onClick={clear} />
    </div>
  );
}

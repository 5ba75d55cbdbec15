import { AlarmClock, Check, RotateCcw, UserRoundPlus, X } from "lucide";
import { m } from "../core/messages.en";
import { IconButton } from "../ui/Button";
import { close, reopen } from "./actions";
import { selection } from "./marked";
import { askAssign, askSnooze } from "./pickers";
import { NOTHING } from "./selection";
import { conversationOf } from "./store";

/** Takes the place of the status tabs once rows are marked; what it does can be undone as one. */
export function BulkBar() {
  const { ids } = selection.value;
  if (ids.length === 0) return null;
  const allClosed = ids.every((id) => conversationOf(id)?.status === "closed");
  const clear = () => {
    selection.value = NOTHING;
  };
  const text = m.conversations.actions;
  return (
    <div class="bulk" role="toolbar" aria-label={m.conversations.selected(ids.length)}>
      <span class="bulk-count" role="status">
        {m.conversations.selected(ids.length)}
      </span>
      <IconButton
        icon={UserRoundPlus}
        label={text.assign}
        keys="a"
        onClick={() => askAssign(ids)}
      />
      {!allClosed && (
        <IconButton icon={AlarmClock} label={text.snooze} keys="z" onClick={() => askSnooze(ids)} />
      )}
      {allClosed ? (
        <IconButton icon={RotateCcw} label={text.open} onClick={() => reopen(ids)} />
      ) : (
        <IconButton icon={Check} label={text.close} keys="e" onClick={() => close(ids)} />
      )}
      <IconButton icon={X} label={m.conversations.clearSelection} keys="Escape" onClick={clear} />
    </div>
  );
}

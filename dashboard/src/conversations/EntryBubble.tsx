import type { Entry } from "@foyer/protocol";
import { Clock, Undo2 } from "lucide";
import { socketState } from "../core/live";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";
import { Markdown } from "./Markdown";
import { m } from "./messages";
import { closesAfter, discardSend, retrySend, tick, undoLeft, undoSend } from "./sending";

/** A reply that hasn't been confirmed yet, with what can still be done about it. */
export function EntryBubble({ entry }: { entry: Entry }) {
  const left = undoLeft(entry, tick.value);
  const failed = entry.state === "failed";
  return (
    <div class={classes("message is-team is-start is-end is-pending", failed && "is-failed")}>
      <div class="message-body">
        <div class="bubble">
          <Markdown text={entry.text} />
        </div>
        <div class="message-meta" role={failed ? "alert" : undefined}>
          {!failed && <Icon of={Clock} size={12} />}
          <span>{stateText(entry, left)}</span>
          {left > 0 && !failed && (
            <Button tone="quiet" size="small" icon={Undo2} onClick={() => void undoSend(entry)}>
              {m.undoSend}
            </Button>
          )}
          {failed && (
            <>
              <Button tone="quiet" size="small" onClick={() => retrySend(entry)}>
                {m.retrySend}
              </Button>
              <Button tone="quiet" size="small" onClick={() => discardSend(entry)}>
                {m.discard}
              </Button>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

function stateText(entry: Entry, left: number): string {
  const text = m.delivery;
  if (entry.state === "failed") return text.refused({ reason: entry.reason ?? "" });
  if (left > 0) {
    const seconds = Math.ceil(left / 1000);
    return closesAfter(entry) ? text.undoableThenClose({ seconds }) : text.undoable({ seconds });
  }
  return socketState.value === "offline" || socketState.value === "waiting"
    ? text.waiting
    : text.sending;
}

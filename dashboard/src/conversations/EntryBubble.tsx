import type { Entry } from "@foyer/protocol";
import { Clock, Undo2 } from "lucide";
import { socketState } from "../core/live";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";
import { Markdown } from "./Markdown";
import { m } from "./messages";
import {
  countdownNow,
  discardSend,
  remainingUndoTime,
  retrySend,
  undoSend,
  willClose,
} from "./outbox";

/** A reply that hasn't been confirmed yet, with what can still be done about it. */
export function EntryBubble({ entry }: { entry: Entry }) {
  const timeLeft = remainingUndoTime(entry, countdownNow.value);
  const hasFailed = entry.state === "failed";
  return (
    <div class={classes("message is-team is-start is-end is-pending", hasFailed && "is-failed")}>
      <div class="message-body">
        <div class="bubble">
          <Markdown text={entry.text} />
        </div>
        <div class="message-meta" role={hasFailed ? "alert" : undefined}>
          {!hasFailed && <Icon of={Clock} size={12} />}
          <span>{stateText(entry, timeLeft)}</span>
          {timeLeft > 0 && !hasFailed && (
            <Button tone="quiet" size="small" icon={Undo2} onClick={() => void undoSend(entry)}>
              {m.undoSend}
            </Button>
          )}
          {hasFailed && (
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

function stateText(entry: Entry, timeLeft: number): string {
  const text = m.delivery;
  if (entry.state === "failed") return text.refused({ reason: entry.reason ?? "" });
  if (timeLeft > 0) {
    const seconds = Math.ceil(timeLeft / 1000);
    return willClose(entry) ? text.undoableThenClose({ seconds }) : text.undoable({ seconds });
  }
  return socketState.value === "offline" || socketState.value === "waiting"
    ? text.waiting
    : text.sending;
}

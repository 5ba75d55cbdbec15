import type { Entry } from "@foyer/protocol";
import { Clock, Undo2 } from "lucide";
import { socketState } from "../core/live";
import { m } from "../core/messages.en";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";
import { Markdown } from "./Markdown";
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
              {m.conversations.undoSend}
            </Button>
          )}
          {failed && (
            <>
              <Button tone="quiet" size="small" onClick={() => retrySend(entry)}>
                {m.conversations.retrySend}
              </Button>
              <Button tone="quiet" size="small" onClick={() => discardSend(entry)}>
                {m.conversations.discard}
              </Button>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

function stateText(entry: Entry, left: number): string {
  const text = m.conversations.delivery;
  if (entry.state === "failed") return text.refused(entry.reason ?? "");
  if (left > 0) return text.undoable(Math.ceil(left / 1000), closesAfter(entry));
  return socketState.value === "offline" || socketState.value === "waiting"
    ? text.waiting
    : text.sending;
}

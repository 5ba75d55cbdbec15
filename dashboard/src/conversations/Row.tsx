import type { Conversation } from "@foyer/protocol";
import { toPlainText } from "@foyer/protocol/markdown/plain";
import { AlarmClock, Check, CheckCheck, Flag, Hourglass, Pencil, RotateCcw } from "lucide";
import { displayName } from "../contacts/public/displayName";
import { ago, minuteNow, moment } from "../core/time";
import { Avatar } from "../ui/Avatar";
import { Badge } from "../ui/Badge";
import { IconButton } from "../ui/Button";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";
import { close, reopen } from "./actions";
import { draftOf } from "./drafts";
import { m } from "./messages";
import { openSnoozePicker } from "./pickers";

interface RowProps {
  conversation: Conversation;
  href: string;
  /** The row whose conversation is open beside the list. */
  current: boolean;
  /** The row that j and k have reached; it holds the list's one tab stop. */
  active: boolean;
  selected: boolean;
  myId: string;
  onSelect: (range: boolean) => void;
  onFocus: () => void;
}

/** Two lines: who and when; what was said last and what matters about it. */
export function Row(props: RowProps) {
  const { conversation, href, current, active, selected, myId } = props;
  const { contact } = conversation;
  const name = displayName(contact);
  return (
    <div
      class={classes(
        "row",
        current && "is-current",
        active && "is-active",
        selected && "is-selected",
        conversation.unread > 0 && "is-unread",
      )}
      data-id={conversation.id}
    >
      <label class="row-mark" data-tip={m.actions.select} data-tip-keys="x">
        <input
          type="checkbox"
          class="row-check"
          checked={selected}
          tabIndex={active ? 0 : -1}
          aria-label={m.select({ name })}
          onClick={(event) => props.onSelect(event.shiftKey)}
        />
        <Avatar name={name} id={contact.id} />
      </label>
      <a
        class="row-link"
        href={href}
        tabIndex={active ? 0 : -1}
        aria-current={current ? "true" : undefined}
        onFocus={props.onFocus}
      >
        <span class="row-head">
          <span class="row-name truncate">
            <bdi>{name}</bdi>
          </span>
          <time
            class="row-time"
            dateTime={conversation.last_activity_at}
            title={moment(conversation.last_activity_at)}
          >
            {ago(conversation.last_activity_at, minuteNow.value)}
          </time>
        </span>
        <span class="row-foot">
          <Preview conversation={conversation} myId={myId} drafts={!current} />
          <Chips conversation={conversation} myId={myId} />
        </span>
      </a>
      <span class="row-actions">
        {conversation.status === "closed" ? (
          <IconButton
            size="small"
            icon={RotateCcw}
            label={m.actions.open}
            tabIndex={-1}
            onClick={() => reopen([conversation.id])}
          />
        ) : (
          <>
            <IconButton
              size="small"
              icon={AlarmClock}
              label={m.actions.snooze}
              keys="z"
              tabIndex={-1}
              onClick={() => openSnoozePicker([conversation.id])}
            />
            <IconButton
              size="small"
              icon={Check}
              label={m.actions.close}
              keys="e"
              tabIndex={-1}
              onClick={() => close([conversation.id])}
            />
          </>
        )}
      </span>
    </div>
  );
}

interface PreviewProps {
  conversation: Conversation;
  myId: string;
  /** Whether an unsent reply is shown; not where it is being written before one's eyes. */
  drafts: boolean;
}

function Preview({ conversation, myId, drafts }: PreviewProps) {
  const draft = drafts ? draftOf(conversation.id) : "";
  if (draft) {
    return (
      <span class="row-preview" dir="auto">
        <span class="row-draft">
          <Icon of={Pencil} size={12} /> {m.composer.draft}
        </span>
        {toPlainText(draft)}
      </span>
    );
  }
  const last = conversation.last_message;
  if (!last) return <span class="row-preview">{m.noMessage}</span>;
  const isOurs = last.author.type !== "contact";
  const who = last.author.id === myId ? m.youWrote : m.wrote({ name: last.author.name });
  return (
    <span class="row-preview" dir="auto">
      {isOurs && <span class="row-author">{who}</span>}
      {toPlainText(last.text)}
    </span>
  );
}

function Chips({ conversation, myId }: { conversation: Conversation; myId: string }) {
  const { status, snoozed_until, assignee, priority, unread, waiting_since } = conversation;
  const when = snoozed_until ? moment(snoozed_until) : null;
  return (
    <span class="row-chips">
      {status === "snoozed" && (
        <span class="row-chip" data-tip={snoozeText(when)}>
          <Icon of={AlarmClock} size={14} label={snoozeText(when)} />
        </span>
      )}
      {status === "closed" && (
        <span class="row-chip" data-tip={m.status.closed}>
          <Icon of={CheckCheck} size={14} label={m.status.closed} />
        </span>
      )}
      {status === "open" && waiting_since && <Waiting since={waiting_since} />}
      {priority && priority !== "normal" && (
        <Badge tone={priority === "low" ? "plain" : "warning"} icon={Flag}>
          {m.priority[priority]}
        </Badge>
      )}
      {assignee && (
        <span
          data-tip={m.assignedTo({
            name: assignee.id === myId ? m.you : assignee.name,
          })}
        >
          <Avatar name={assignee.name} id={assignee.id} size="tiny" />
          <span class="visually-hidden">{m.assignedTo({ name: assignee.name })}</span>
        </span>
      )}
      {unread > 0 && <span class="row-dot" role="img" aria-label={m.unread({ count: unread })} />}
    </span>
  );
}

/** How long the customer has waited for an answer; nothing in the first minute. */
function Waiting({ since }: { since: string }) {
  if (minuteNow.value - Date.parse(since) < 60_000) return null;
  const time = ago(since, minuteNow.value);
  return (
    <span class="row-wait" data-tip={m.waitingSince({ time: moment(since) })}>
      <Icon of={Hourglass} size={12} />
      <span aria-hidden="true">{time}</span>
      <span class="visually-hidden">{m.waiting({ time })}</span>
    </span>
  );
}

function snoozeText(when: string | null): string {
  return when ? m.snoozedUntil({ time: when }) : m.snoozedForReply;
}

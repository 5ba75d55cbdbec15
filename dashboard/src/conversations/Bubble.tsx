import { type Author, deliveryOf, type Message, type Thread } from "@foyer/protocol";
import { Check, CheckCheck, CircleAlert } from "lucide";
import { displayName } from "../contacts/public/displayName";
import { clock, moment } from "../core/time";
import { Avatar } from "../ui/Avatar";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";
import { Markdown } from "./Markdown";
import { m } from "./messages";

interface BubbleProps {
  message: Message;
  thread: Thread;
  /** First and last of a group by the same author. */
  isStart: boolean;
  isEnd: boolean;
  isMine: boolean;
}

/** The customer's words on the left, the team's on the right. */
export function Bubble({ message, thread, isStart, isEnd, isMine }: BubbleProps) {
  const { author } = message;
  const isTeam = author.type !== "contact";
  const name = isMine ? m.you : displayName(author);
  return (
    <article
      class={classes("message", isTeam && "is-team", isStart && "is-start", isEnd && "is-end")}
      aria-label={`${name}, ${clock(message.created_at)}`}
    >
      {!isTeam && (
        <span class="message-face">
          {isEnd && <Avatar name={displayName(author)} id={author.id} size="small" />}
        </span>
      )}
      <div class="message-body">
        {isStart && isTeam && !isMine && <bdi class="message-author">{author.name}</bdi>}
        <div class="bubble">
          <Markdown text={message.text} />
        </div>
        {isEnd && (
          <div class="message-meta">
            <time dateTime={message.created_at} title={moment(message.created_at)}>
              {clock(message.created_at)}
            </time>
            {isTeam && <Ticks state={deliveryOf(thread, message)} />}
          </div>
        )}
      </div>
    </article>
  );
}

const TICKS = { sent: Check, delivered: CheckCheck, read: CheckCheck, failed: CircleAlert };

function Ticks({ state }: { state: "sent" | "delivered" | "read" | "failed" }) {
  const text = m.delivery[state];
  return (
    <span class={`ticks ticks-${state}`} data-tip={text}>
      <Icon of={TICKS[state]} size={14} label={text} />
      {state === "read" && <span aria-hidden="true">{text}</span>}
    </span>
  );
}

/** Three dots where the next bubble will be. */
export function TypingBubble({ author }: { author: Author }) {
  const text = m.typing({ name: displayName(author) });
  return (
    <div class={classes("message is-end is-typing", author.type !== "contact" && "is-team")}>
      {author.type === "contact" && (
        <span class="message-face">
          <Avatar name={displayName(author)} id={author.id} size="small" />
        </span>
      )}
      <div class="message-body">
        {author.type !== "contact" && <bdi class="message-author">{text}</bdi>}
        <div class="bubble bubble-typing" role="img" aria-label={text}>
          <span />
          <span />
          <span />
        </div>
      </div>
    </div>
  );
}

/** A conversation's messages as bubbles, grouped by author and day. */

import type { Entry } from "@foyer/protocol/outbox";
import { deliveryOf, type Thread } from "@foyer/protocol/thread";
import type { Message } from "@foyer/protocol/wire";
import { Component, Fragment, h } from "preact";
import { t } from "./i18n.ts";
import { Markdown } from "./markdown.ts";
import type { Model } from "./model.ts";
import { Avatar, Icon, VisuallyHidden } from "./parts.tsx";
import { clockTime, dayName, startOfDay } from "./time.ts";

/** Messages of one author closer together than this are one group, ms. */
const GROUP = 5 * 60_000;

interface Props {
  model: Model;
  id: string | null;
  thread: Thread | undefined;
  entries: readonly Entry[];
  /** Messages up to this `seq` were there at first: screen readers aren't told of them. */
  historySeq: number;
  locale: string;
}

export class Messages extends Component<Props> {
  /** Not drawn anew with every key that is pressed. */
  override shouldComponentUpdate(next: Props) {
    return Object.entries(next).some(([name, value]) => value !== this.props[name as keyof Props]);
  }

  override render({ model, id, thread, entries, historySeq }: Props) {
    const messages = thread?.messages ?? [];
    const known = new Set(messages.map(({ client_id }) => client_id));
    const pending = entries.filter((one) => one.conversation === id && !known.has(one.client_id));
    const lastOwn = messages.findLast(({ author }) => author.type === "contact");
    const bubbles = messages.map((message, i) => (
      <Bubble
        key={message.seq}
        message={message}
        before={messages[i - 1]}
        after={messages[i + 1]}
        mark={thread && message === lastOwn && !pending.length ? deliveryOf(thread, message) : null}
      />
    ));
    const history = messages.filter(({ seq }) => seq <= historySeq).length;
    return (
      <>
        <div aria-live="off">{bubbles.slice(0, history)}</div>
        <div>{bubbles.slice(history)}</div>
        {pending.map((entry, i) => (
          <EntryBubble
            key={entry.client_id}
            model={model}
            entry={entry}
            first={!i}
            last={pending[i + 1]?.state !== entry.state}
          />
        ))}
      </>
    );
  }
}

function isSameGroup(one: Message | undefined, other: Message | undefined): boolean {
  return (
    !!one &&
    !!other &&
    one.author.id === other.author.id &&
    one.author.type === other.author.type &&
    Date.parse(other.created_at) - Date.parse(one.created_at) < GROUP &&
    startOfDay(one.created_at) === startOfDay(other.created_at)
  );
}

interface BubbleProps {
  message: Message;
  before: Message | undefined;
  after: Message | undefined;
  mark: ReturnType<typeof deliveryOf> | null;
}

function Bubble({ message, before, after, mark }: BubbleProps) {
  const { author, text, created_at } = message;
  const isMine = author.type === "contact";
  const first = !isSameGroup(before, message);
  const last = !isSameGroup(message, after);
  const newDay = !before || startOfDay(before.created_at) !== startOfDay(created_at);
  const time = clockTime(created_at);
  return (
    <>
      {newDay && <div class="day">{dayName(created_at)}</div>}
      <div
        class={`message ${isMine ? "mine" : "theirs"} ${first ? "first" : ""} ${last ? "last" : ""}`}
      >
        {!isMine && last && <Avatar name={author.name} />}
        <VisuallyHidden>{`${isMine ? t("you") : author.name}, ${time}:`}</VisuallyHidden>
        <div class="bubble" dir="auto" title={time}>
          <Markdown text={text} />
        </div>
        {last && (
          <small class="meta" aria-hidden={!mark}>
            {mark ? (
              <>
                {t(mark)} <Icon name={mark === "sent" ? "tick" : "ticks"} />
              </>
            ) : isMine ? (
              time
            ) : (
              `${author.name} · ${time}`
            )}
          </small>
        )}
      </div>
    </>
  );
}

interface EntryBubbleProps {
  model: Model;
  entry: Entry;
  first: boolean;
  last: boolean;
}

/** The last of several in one state says for all of them what that is; each failure has its own. */
function EntryBubble({ model, entry, first, last }: EntryBubbleProps) {
  const { client_id, text, state, reason } = entry;
  const hasFailed = state === "failed";
  return (
    <div class={`message mine unsent ${state} ${first ? "first" : ""} ${last ? "last" : ""}`}>
      <VisuallyHidden>{`${t("you")}:`}</VisuallyHidden>
      <div class="bubble" dir="auto">
        <Markdown text={text} />
      </div>
      {(last || hasFailed) && (
        <small class="meta">
          {t(state)}
          {hasFailed ? (
            <>
              {reason && `: ${reason}`}
              <button type="button" onClick={() => model.retry(client_id)}>
                {t("retry")}
              </button>
              <button type="button" onClick={() => model.discard(client_id)}>
                {t("discard")}
              </button>
            </>
          ) : (
            <Icon name="clock" />
          )}
        </small>
      )}
    </div>
  );
}

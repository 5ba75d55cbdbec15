import type { ConversationEvent } from "@foyer/protocol";
import { useState } from "preact/hooks";
import { displayName } from "../contacts/public/displayName";
import { me } from "../core/session";
import { clock, moment } from "../core/time";
import { m } from "./messages";

/** Changes in small print; a long run shows its last and can be unfolded. */
export function EventRun({ events }: { events: readonly ConversationEvent[] }) {
  const [open, setOpen] = useState(false);
  const isFolded = events.length > 2 && !open;
  const visible = isFolded ? events.slice(-1) : events;
  return (
    <div class="events">
      {isFolded && (
        <button type="button" class="events-more" onClick={() => setOpen(true)}>
          {m.moreEvents({ count: events.length - 1 })}
        </button>
      )}
      {visible.map((event) => (
        <p key={event.id} class="event">
          <bdi>{sentenceOf(event, me.value?.id ?? "")}</bdi>{" "}
          <time dateTime={event.at} title={moment(event.at)}>
            {clock(event.at)}
          </time>
        </p>
      ))}
    </div>
  );
}

/** What happened, in one sentence. */
export function sentenceOf({ name, actor, data }: ConversationEvent, myId: string): string {
  const text = m.events;
  const isContact = actor.type === "contact";
  const who =
    actor.id === myId ? text.you : isContact ? displayName(actor) : actor.name || text.someone;
  switch (name) {
    case "conversation.created":
      return text.created({ who });
    case "conversation.opened":
      if (isContact) return text.reopened({ who });
      return actor.type === "operator" ? text.opened({ who }) : text.woke;
    case "conversation.closed":
      return text.closed({ who });
    case "conversation.snoozed": {
      const until = data.until;
      return typeof until === "string"
        ? text.snoozed({ who, time: moment(until) })
        : text.snoozedForReply({ who });
    }
    case "conversation.assigned": {
      const { assignee_id: id, assignee_name: name } = data;
      if (!id) return text.unassigned({ who });
      if (id === actor.id) return text.claimed({ who });
      return text.assigned({ who, whom: id === myId ? text.toYou : String(name) });
    }
    default:
      return text.updated({ who });
  }
}

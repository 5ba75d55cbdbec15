/** What frames do to the conversations this tab knows, and which of them a list has in which order. */

import type { Conversation, OperatorEvent, ReadMark, SharedConversationOut } from "@foyer/protocol";
import type { Change, Listing } from "../core/rows";
import type { Filter, Sort } from "./filter";

/** A filter's list, as `myId` sees it. */
export function listingOf(filter: Filter, myId: string): Listing<Conversation> {
  const { status, assignee, sort } = filter;
  return {
    key: `${status}/${assignee}/${sort}`,
    rule: { matches: (one) => matchesFilter(one, filter, myId), compare: ORDERS[sort] },
  };
}

/** What a frame of the socket does to conversations, as `myId` sees it. */
export function fold(
  frame: OperatorEvent,
  known: Readonly<Record<string, Conversation>>,
  myId: string,
): Change<Conversation>[] {
  switch (frame.type) {
    case "message.created":
      return [toChange(known, frame.data.conversation)];
    case "message.read": {
      const one = known[frame.data.conversation_id];
      return one ? [{ set: applyRead(one, frame.data, myId) }] : [];
    }
    case "conversation.gone":
      return [{ remove: frame.data.conversation_id }];
    // A contact's own frames say nothing here: conversations follow it, each under a version.
    default:
      return frame.type.startsWith("conversation.") && "conversation" in frame.data
        ? [toChange(known, frame.data.conversation)]
        : [];
  }
}

/**
 * A frame goes to many operators at once, so its `unread` is nobody's and is counted here: the
 * customer's messages since the last that I read or anybody answered.
 */
function toChange(
  known: Readonly<Record<string, Conversation>>,
  shared: SharedConversationOut,
): Change<Conversation> {
  return { put: { ...shared, unread: countUnread(known[shared.id], shared) } };
}

function countUnread(known: Conversation | undefined, shared: SharedConversationOut): number {
  const last = shared.last_message;
  if (last && last.author.type !== "contact")
    return shared.last_seq > (known?.last_seq ?? 0) ? 0 : (known?.unread ?? 0);
  if (!known) return last ? 1 : 0;
  return known.unread + Math.max(0, shared.last_seq - known.last_seq);
}

function applyRead(known: Conversation, mark: ReadMark, myId: string): Conversation {
  if (mark.by === "customer") {
    const read = mark.state === "read" ? mark.seq : 0;
    return {
      ...known,
      customer_read_seq: Math.max(known.customer_read_seq, read),
      customer_delivered_seq: Math.max(known.customer_delivered_seq, mark.seq),
    };
  }
  const team_read_seq = Math.max(known.team_read_seq, mark.seq);
  const isReadByMe = mark.reader_id === myId && mark.seq >= known.last_seq;
  return { ...known, team_read_seq, unread: isReadByMe ? 0 : known.unread };
}

function matchesFilter(one: Conversation, filter: Filter, myId: string): boolean {
  if (filter.status !== "all" && one.status !== filter.status) return false;
  if (filter.assignee === "all") return true;
  if (filter.assignee === "none") return one.assignee === null;
  return one.assignee?.id === (filter.assignee === "me" ? myId : filter.assignee);
}

type Compare = (a: Conversation, b: Conversation) => number;

/** Instants and ids sort as text; those who don't wait stand behind those who do. */
const ORDERS: Readonly<Record<Sort, Compare>> = {
  last_activity: (a, b) =>
    compareText(b.last_activity_at, a.last_activity_at) || compareNewestId(a, b),
  created: (a, b) => compareText(b.created_at, a.created_at) || compareNewestId(a, b),
  waiting: (a, b) =>
    compareText(a.waiting_since ?? "~", b.waiting_since ?? "~") || compareText(a.id, b.id),
};

const compareNewestId: Compare = (a, b) => compareText(b.id, a.id);

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

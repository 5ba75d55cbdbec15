/** What frames do to the conversations this tab knows, and which of them a list has in which order. */

import type {
  Conversation,
  ConversationStatus,
  OperatorEvent,
  ReadMark,
  SharedConversationOut,
} from "@foyer/protocol";
import type { Change, Listing } from "../core/rows";

export type Sort = "last_activity" | "waiting" | "created";

export interface Filter {
  status: ConversationStatus | "all";
  /** `all`, `me`, `none`, or a user's id. */
  assignee: string;
  sort: Sort;
}

export const DEFAULT_FILTER: Filter = { status: "open", assignee: "all", sort: "last_activity" };

/** A filter's list, as `myId` sees it. */
export function listingOf(filter: Filter, myId: string): Listing<Conversation> {
  const { status, assignee, sort } = filter;
  return {
    key: `${status}/${assignee}/${sort}`,
    rule: { matches: (one) => fits(one, filter, myId), compare: ORDERS[sort] },
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
      return [heard(known, frame.data.conversation)];
    case "message.read": {
      const one = known[frame.data.conversation_id];
      return one ? [{ set: readBy(one, frame.data, myId) }] : [];
    }
    case "conversation.gone":
      return [{ remove: frame.data.conversation_id }];
    // A contact's own frames say nothing here: conversations follow it, each under a version.
    default:
      return frame.type.startsWith("conversation.") && "conversation" in frame.data
        ? [heard(known, frame.data.conversation)]
        : [];
  }
}

/**
 * A frame goes to many operators at once, so its `unread` is nobody's and is counted here: the
 * customer's messages since the last that I read or anybody answered.
 */
function heard(
  known: Readonly<Record<string, Conversation>>,
  told: SharedConversationOut,
): Change<Conversation> {
  return { put: { ...told, unread: unreadAfter(known[told.id], told) } };
}

function unreadAfter(known: Conversation | undefined, told: SharedConversationOut): number {
  const last = told.last_message;
  if (last && last.author.type !== "contact")
    return told.last_seq > (known?.last_seq ?? 0) ? 0 : (known?.unread ?? 0);
  if (!known) return last ? 1 : 0;
  return known.unread + Math.max(0, told.last_seq - known.last_seq);
}

function readBy(known: Conversation, mark: ReadMark, myId: string): Conversation {
  if (mark.by === "customer") {
    const read = mark.state === "read" ? mark.seq : 0;
    return {
      ...known,
      customer_read_seq: Math.max(known.customer_read_seq, read),
      customer_delivered_seq: Math.max(known.customer_delivered_seq, mark.seq),
    };
  }
  const team_read_seq = Math.max(known.team_read_seq, mark.seq);
  const mine = mark.reader_id === myId && mark.seq >= known.last_seq;
  return { ...known, team_read_seq, unread: mine ? 0 : known.unread };
}

function fits(one: Conversation, filter: Filter, myId: string): boolean {
  if (filter.status !== "all" && one.status !== filter.status) return false;
  if (filter.assignee === "all") return true;
  if (filter.assignee === "none") return one.assignee === null;
  return one.assignee?.id === (filter.assignee === "me" ? myId : filter.assignee);
}

type Compare = (a: Conversation, b: Conversation) => number;

/** Instants and ids sort as text; those who don't wait stand behind those who do. */
const ORDERS: Readonly<Record<Sort, Compare>> = {
  last_activity: (a, b) => ascending(b.last_activity_at, a.last_activity_at) || newerId(a, b),
  created: (a, b) => ascending(b.created_at, a.created_at) || newerId(a, b),
  waiting: (a, b) =>
    ascending(a.waiting_since ?? "~", b.waiting_since ?? "~") || ascending(a.id, b.id),
};

const newerId: Compare = (a, b) => ascending(b.id, a.id);

function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Open conversations with something I haven't read. */
export function unreadCount(known: Readonly<Record<string, Conversation>>): number {
  return Object.values(known).filter((one) => one.status === "open" && one.unread > 0).length;
}

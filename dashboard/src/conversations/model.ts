/**
 * The conversations this tab knows, as a pure fold over pages, frames and our own changes.
 *
 * Frames may repeat and come late: a conversation is replaced only by one that is at least as new.
 * What a list shows is computed from it, so the same conversations always give the same list.
 */

import type {
  Conversation,
  ConversationStatus,
  OperatorEvent,
  ReadMark,
  SharedConversationOut,
} from "@foyer/protocol";

export type Sort = "last_activity" | "waiting" | "created";

export interface Filter {
  status: ConversationStatus | "all";
  /** `all`, `me`, `none`, or a user's id. */
  assignee: string;
  sort: Sort;
}

/** How far a filter's list has been fetched. */
export interface Reach {
  /** For the next page; null when everything is here. */
  cursor: string | null;
  /** Sort key of the last fetched row: rows beyond it wait for their page. Null when all is here. */
  edge: string | null;
}

export interface Conversations {
  readonly byId: Readonly<Record<string, Conversation>>;
  /** By {@link filterKey}; missing until the first page was there. */
  readonly reach: Readonly<Record<string, Reach>>;
}

export const EMPTY: Conversations = { byId: {}, reach: {} };
export const DEFAULT_FILTER: Filter = { status: "open", assignee: "all", sort: "last_activity" };

export function filterKey({ status, assignee, sort }: Filter): string {
  return `${status}/${assignee}/${sort}`;
}

/** The state after a fetched page of a filter's list. */
export function merge(
  state: Conversations,
  filter: Filter,
  page: { data: readonly Conversation[]; next_cursor: string | null },
): Conversations {
  const next = page.data.reduce(put, state);
  const last = page.data[page.data.length - 1];
  const edge = page.next_cursor && last ? sortKey(last, filter.sort) : null;
  return {
    ...next,
    reach: { ...next.reach, [filterKey(filter)]: { cursor: page.next_cursor, edge } },
  };
}

/** The state after one conversation became known, unless it is older than the known one. */
export function put(state: Conversations, conversation: Conversation): Conversations {
  const known = state.byId[conversation.id];
  if (known && known.version > conversation.version) return state;
  return { ...state, byId: { ...state.byId, [conversation.id]: conversation } };
}

/** The state after a frame of the socket, as `myId` sees it. */
export function apply(state: Conversations, frame: OperatorEvent, myId: string): Conversations {
  switch (frame.type) {
    case "message.created":
      return heard(state, frame.data.conversation);
    case "message.read": {
      const known = state.byId[frame.data.conversation_id];
      return known ? replace(state, readBy(known, frame.data, myId)) : state;
    }
    // A contact's own frames say nothing here: conversations follow it, each under a version.
    default:
      return frame.type.startsWith("conversation.") && "conversation" in frame.data
        ? heard(state, frame.data.conversation)
        : state;
  }
}

/**
 * A frame goes to many operators at once, so its `unread` is nobody's and is counted here: the
 * customer's messages since the last that I read or anybody answered.
 */
function heard(state: Conversations, told: SharedConversationOut): Conversations {
  const known = state.byId[told.id];
  return put(state, { ...told, unread: unreadAfter(known, told) });
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

/** The state with some fields of a conversation changed by us, ahead of the server's answer. */
export function amend(
  state: Conversations,
  id: string,
  change: Partial<Conversation>,
): Conversations {
  const known = state.byId[id];
  return known ? replace(state, { ...known, ...change }) : state;
}

function replace(state: Conversations, conversation: Conversation): Conversations {
  return { ...state, byId: { ...state.byId, [conversation.id]: conversation } };
}

/** The rows of a filter's list in their order, as far as it has been fetched. */
export function rowsOf(state: Conversations, filter: Filter, myId: string): Conversation[] {
  const reach = state.reach[filterKey(filter)];
  if (!reach) return [];
  return Object.values(state.byId)
    .filter((one) => fits(one, filter, myId))
    .map((one) => ({ one, key: sortKey(one, filter.sort) }))
    .filter(({ key }) => reach.edge === null || inOrder(filter.sort, key, reach.edge) <= 0)
    .sort((a, b) => inOrder(filter.sort, a.key, b.key))
    .map(({ one }) => one);
}

export function fits(one: Conversation, filter: Filter, myId: string): boolean {
  if (filter.status !== "all" && one.status !== filter.status) return false;
  if (filter.assignee === "all") return true;
  if (filter.assignee === "none") return one.assignee === null;
  return one.assignee?.id === (filter.assignee === "me" ? myId : filter.assignee);
}

/** Instants and ids sort as text; those who don't wait stand behind those who do. */
function sortKey(one: Conversation, sort: Sort): string {
  if (sort === "created") return `${one.created_at} ${one.id}`;
  if (sort === "waiting") return `${one.waiting_since ?? "~"} ${one.id}`;
  return `${one.last_activity_at} ${one.id}`;
}

function inOrder(sort: Sort, a: string, b: string): number {
  const ascending = a < b ? -1 : a > b ? 1 : 0;
  return sort === "waiting" ? ascending : -ascending;
}

/** Open conversations with something I haven't read. */
export function unreadCount(state: Conversations): number {
  return Object.values(state.byId).filter((one) => one.status === "open" && one.unread > 0).length;
}

/** Socket frames: what the server pushes and what a client may send. */

import type {
  Actor,
  Author,
  Contact,
  ConversationTold,
  CustomerConversation,
  Message,
  PageView,
  Visitor,
} from "./shapes.ts";

interface Event<Type extends string, Data> {
  type: Type;
  /** `evt_` and a ULID: later events sort after earlier ones. */
  id: string;
  at: string;
  data: Data;
}

export type ConversationEventName =
  | "conversation.created"
  | "conversation.opened"
  | "conversation.closed"
  | "conversation.snoozed"
  | "conversation.assigned"
  | "conversation.updated"
  | "conversation.merged";

/** `C` is the conversation as the receiver may see it. */
export type ServerEvent<C = ConversationTold | CustomerConversation> =
  | Event<ConversationEventName, { conversation: C; actor: Actor }>
  | Event<"message.created" | "message.updated", { message: Message; conversation: C }>
  | Event<"message.read", ReadMark>
  | Event<"typing", { conversation_id: string; author: Author }>
  | Event<"viewing", { entity: string; operators: { id: string; name: string }[] }>
  | Event<"visitor.online" | "visitor.moved", { visitor: Visitor }>
  | Event<"visitor.offline", { id: string }>
  | Event<"visitors.changed", Record<string, never>>
  | Event<"contact.created" | "contact.updated", { contact: Contact }>;

export interface ReadMark {
  conversation_id: string;
  by: "customer" | "team";
  reader_id?: string;
  seq: number;
  state: "delivered" | "read";
}

export type OperatorEvent = ServerEvent<ConversationTold>;
export type CustomerEvent = ServerEvent<CustomerConversation>;

/** From now on everything of this topic will be heard; what came before has to be fetched. */
export interface Subscribed {
  type: "subscribed";
  topic: string;
}

export interface PresenceState {
  page: PageView;
  state: "active" | "idle";
}

export type ClientFrame =
  | { action: "subscribe" | "unsubscribe"; topic: string }
  | { action: "typing"; conversation_id: string }
  | { action: "viewing"; entity: string }
  | ({ action: "presence" } & PresenceState)
  | { action: "ping" };

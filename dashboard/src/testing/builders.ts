/** Builders for tests: they say only what matters, and fill in the rest. */

import type {
  Author,
  Contact,
  Conversation,
  ConversationEvent,
  Message,
  OperatorEvent,
  SharedConversationOut,
  Visitor,
} from "@foyer/protocol";

export const ME = "usr_me";
const CUSTOMER: Author = { type: "contact", id: "con_1", name: "Anna" };
const COLLEAGUE: Author = { type: "operator", id: "usr_bo", name: "Bo" };
export const by = { customer: CUSTOMER, colleague: COLLEAGUE, me: { ...COLLEAGUE, id: ME } };

let counter = 0;
const nextId = (prefix: string) => `${prefix}_${String(++counter).padStart(6, "0")}`;

/** The minute `minutes` after noon on a Tuesday, UTC. */
export function at(minutes: number): string {
  return new Date(Date.UTC(2026, 2, 3, 12, minutes)).toISOString();
}

export function aConversation(overrides: Partial<Conversation> = {}): Conversation {
  return {
    id: "cnv_1",
    contact: { id: "con_1", name: "Anna", email: null, verified: false, blocked: false },
    status: "open",
    channel: "widget",
    subject: null,
    priority: null,
    tags: [],
    assignee: null,
    department_id: null,
    snoozed_until: null,
    snoozed_before: null,
    last_seq: 0,
    last_message: null,
    unread: 0,
    customer_delivered_seq: 0,
    customer_read_seq: 0,
    team_read_seq: 0,
    waiting_since: null,
    created_at: at(0),
    last_activity_at: at(0),
    version: 1,
    ...overrides,
  };
}

export function aMessage(seq: number, overrides: Partial<Message> = {}): Message {
  return {
    id: `msg_${seq}`,
    conversation_id: "cnv_1",
    seq,
    author: by.customer,
    text: `message ${seq}`,
    attachments: [],
    client_id: `client-${seq}`,
    created_at: at(seq),
    delivery: "sent",
    ...overrides,
  };
}

export function anEvent(name: string, minutes: number, overrides: Partial<ConversationEvent> = {}) {
  return { id: nextId("evt"), name, actor: by.colleague, at: at(minutes), data: {}, ...overrides };
}

/** The frame of a message, with the conversation as the server tells it to many at once. */
export function messageFrame(
  message: Message,
  overrides: Partial<Conversation> = {},
): OperatorEvent {
  const { seq, author, text, created_at } = message;
  const conversation = aConversation({
    id: message.conversation_id,
    last_seq: seq,
    last_message: { seq, author, text, created_at },
    last_activity_at: created_at,
    version: seq + 1,
    ...overrides,
  });
  return {
    type: "message.created",
    id: nextId("evt"),
    at: created_at,
    data: { message, conversation: toShared(conversation) },
  };
}

export function changeFrame(
  type: "conversation.closed" | "conversation.snoozed" | "conversation.assigned",
  conversation: Conversation,
): OperatorEvent {
  const data = { conversation: toShared(conversation), actor: by.colleague };
  return { type, id: nextId("evt"), at: at(9), data };
}

/** A conversation as a frame tells it. */
function toShared(conversation: Conversation): SharedConversationOut {
  return { ...conversation, unread: null };
}

export function aVisitor(id: string, overrides: Partial<Visitor> = {}): Visitor {
  return {
    id,
    contact_id: null,
    name: null,
    email: null,
    verified: false,
    page: { url: "https://shop.example/pricing", title: "Pricing" },
    referrer: null,
    state: "active",
    in_chat: null,
    since: at(0),
    pages_seen: 1,
    visits: 1,
    locale: null,
    time_zone: null,
    device: null,
    country: null,
    expires_at: at(5),
    version: 1,
    ...overrides,
  };
}

export function aContact(id: string, overrides: Partial<Contact> = {}): Contact {
  return {
    id,
    name: "Anna",
    email: null,
    phone: null,
    external_id: null,
    verified: false,
    blocked: false,
    claimed: {},
    provenance: {},
    possible_duplicates: [],
    custom: {},
    tags: [],
    locale: null,
    time_zone: null,
    first_seen_at: at(0),
    last_seen_at: at(0),
    created_at: at(0),
    version: 1,
    ...overrides,
  };
}

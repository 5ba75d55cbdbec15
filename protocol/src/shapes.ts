/**
 * Wire shapes of the HTTP and socket interface, as the front ends use them.
 *
 * Instants are RFC 3339 strings in UTC with milliseconds. Unknown fields are ignored, so that
 * an older page keeps working against a newer server.
 */

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export type AuthorType = "contact" | "operator" | "workflow" | "system";
export interface Author {
  type: AuthorType;
  id: string;
  name: string;
}
export type Actor = Author;

export type Delivery = "sent" | "delivered" | "read" | "failed";
export interface Message {
  id: string;
  conversation_id: string;
  /** 1, 2, 3 … inside a conversation, with no gap and no duplicate. */
  seq: number;
  author: Author;
  text: string;
  attachments: unknown[];
  client_id: string | null;
  created_at: string;
  delivery: Delivery;
}

export interface MessagePreview {
  seq: number;
  author: Author;
  /** At most 120 characters. */
  text: string;
  created_at: string;
}

export type ConversationStatus = "open" | "snoozed" | "closed";
export type Priority = "low" | "normal" | "high" | "urgent";

/** A conversation as an operator sees it. */
export interface Conversation {
  id: string;
  contact: {
    id: string;
    name: string;
    email: string | null;
    verified: boolean;
    blocked: boolean;
  };
  status: ConversationStatus;
  channel: string;
  subject: string | null;
  priority: Priority | null;
  tags: string[];
  assignee: { id: string; name: string } | null;
  department_id: string | null;
  snoozed_until: string | null;
  /** The former snooze time, for "snooze until then again". */
  snoozed_before: string | null;
  last_seq: number;
  last_message: MessagePreview | null;
  /** The customer's messages since the last that the caller read or anybody answered. */
  unread: number;
  customer_delivered_seq: number;
  customer_read_seq: number;
  team_read_seq: number;
  waiting_since: string | null;
  created_at: string;
  last_activity_at: string;
  version: number;
}

/** The same in a frame, which goes to many: nobody's `unread`. The fold counts the receiver's. */
export type ConversationTold = Omit<Conversation, "unread"> & { unread: null };

/** A conversation as its customer sees it in the widget. */
export interface CustomerConversation {
  id: string;
  status: ConversationStatus;
  last_seq: number;
  last_message: MessagePreview | null;
  unread: number;
  team_read_seq: number;
  assignee: { name: string } | null;
  created_at: string;
  last_activity_at: string;
}

export interface ConversationEvent {
  id: string;
  /** For instance `conversation.snoozed`. */
  name: string;
  actor: Actor;
  at: string;
  data: Record<string, unknown>;
}
export type TimelineItem =
  | ({ kind: "message" } & Message)
  | ({ kind: "event" } & ConversationEvent);

export type OperatorStatus = "online" | "away";
export type Role = "owner" | "admin" | "operator";
export interface User {
  id: string;
  name: string;
  email: string;
  /** Whether the address was proved to be theirs; before that they can't invite anybody. */
  verified: boolean;
  status: OperatorStatus;
  time_zone: string;
  version: number;
}
/** Whether anybody may sign up, and whether that would be the installation's first owner. */
export interface SignupStanding {
  open: boolean;
  first: boolean;
  /** Mails are kept on this machine, and nobody gets them. */
  mail_stays: boolean;
}
export interface Me {
  user: User;
  workspace: { id: string; name: string };
  role: Role;
  workspaces: { id: string; name: string; role: Role }[];
}
export interface Tokens extends Me {
  access_token: string;
  refresh_token: string;
  /** Seconds. */
  expires_in: number;
  /** For the browser to keep, and to show when the same person signs in again; see `device.ts`. */
  device_token: string | null;
}
export interface ResetDone {
  email: string;
  device_token: string;
}
export interface Member {
  id: string;
  name: string;
  email: string;
  role: Role;
  status: OperatorStatus;
  invited_at: string | null;
  joined_at: string | null;
  state: "active" | "invited";
}
export interface Invitation {
  email: string;
  workspace: { name: string };
  invited_by: string;
  account_exists: boolean;
}

export type Theme = "auto" | "light" | "dark";
export interface WidgetSettings {
  colour: string;
  position: "right" | "left";
  greeting: string;
  intro: string;
  reply_expectation: string;
  launcher_hidden: boolean;
  presence: boolean;
  theme: Theme;
}
export interface IdentitySecret {
  id: string;
  secret: string;
  created_at: string;
}
export interface Workspace {
  id: string;
  name: string;
  widget_key: string;
  widget: WidgetSettings;
  identity: { mode: "off" | "report" | "required"; secrets: IdentitySecret[] };
  settings: { assign_on_reply: boolean };
  version: number;
}

export interface PageView {
  url: string;
  title: string;
}
export interface WidgetConfig extends WidgetSettings {
  workspace_name: string;
  /** How often presence is refreshed, in seconds. */
  presence_seconds: number;
  /** At most three faces. */
  team: { name: string }[];
}
export type Identity =
  | { token: string }
  | {
      /** A whole number is its digits. */
      external_id?: string | number;
      email?: string;
      name?: string;
      phone?: string;
      custom?: Record<string, unknown>;
      user_hash?: string;
    };
export interface NewWidgetSession {
  widget_key: string;
  visitor_secret?: string;
  identity?: Identity;
  page: PageView & { referrer: string };
  locale?: string;
  time_zone?: string;
}
export interface WidgetSession {
  token: string;
  /** Seconds. */
  expires_in: number;
  /** May be shown; opens nothing. */
  visitor_id: string;
  /** What this browser is known by. */
  visitor_secret: string;
  contact_id: string | null;
  verified: boolean;
  config: WidgetConfig;
  broadcasts: unknown[];
  unread: number;
  /** What the page or the browser said that couldn't be taken; `field` is a dotted path. */
  ignored: { field: string; message: string }[];
}

export interface Visitor {
  id: string;
  contact_id: string | null;
  name: string | null;
  email: string | null;
  verified: boolean;
  page: PageView;
  referrer: string | null;
  state: "active" | "idle";
  /** The conversation the visitor is chatting in. */
  in_chat: string | null;
  since: string;
  pages_seen: number;
  visits: number;
  locale: string | null;
  time_zone: string | null;
  device: string | null;
  country: string | null;
  expires_at: string;
}

/** Whether a visitor is blocked, and the contact that says so. */
export interface VisitorBlock {
  id: string;
  contact_id: string | null;
  blocked: boolean;
}

export type Provenance = "verified" | "claimed" | "operator" | "import";
export interface Contact {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  external_id: string | null;
  /** It proved who it is, by one field at least. */
  verified: boolean;
  /** Nothing that it says is taken. */
  blocked: boolean;
  /** By field (`custom.<name>` for custom ones), what its page said without proof. */
  claimed: Record<string, unknown>;
  /** From whom each field is that says something. */
  provenance: Record<string, Provenance>;
  /** Contacts that may be the same person. */
  possible_duplicates: string[];
  custom: Record<string, unknown>;
  tags: string[];
  locale: string | null;
  time_zone: string | null;
  first_seen_at: string;
  last_seen_at: string;
  created_at: string;
  version: number;
}

export interface SocketTicket {
  ticket: string;
  url: string;
  /** Seconds. */
  expires_in: number;
}

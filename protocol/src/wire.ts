/**
 * The wire's shapes under the names that the front ends use. All of them are generated from the
 * server's contract (`api.ts`), but for what the widget says of its page, which the server takes in
 * any form.
 *
 * Instants are RFC 3339 strings in UTC with milliseconds. Unknown fields are ignored, so that
 * an older page keeps working against a newer server.
 */

import type { components, webhooks } from "./api.ts";

type Shapes = components["schemas"];

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export type Author = Shapes["Author"];
export type Message = Shapes["MessageOut"];
export type MessagePreview = Shapes["LastMessageOut"];
export type Delivery = Message["delivery"];

/** A conversation as an operator sees it. */
export type Conversation = Shapes["ConversationOut"];
/** The same in a frame, which goes to many: nobody's `unread`. The fold counts the receiver's. */
export type SharedConversationOut = Shapes["SharedConversationOut"];
/** A conversation as its customer sees it in the widget. */
export type CustomerConversation = Shapes["CustomerConversationOut"];
export type ConversationStatus = Conversation["status"];
/** How many are open and how many unread, as their reader is told. */
export type ConversationCounts = Shapes["CountsOut"];
export type Priority = NonNullable<Conversation["priority"]>;
export type TimelineItem = Shapes["TimelinePage"]["data"][number];
export type ConversationEvent = Omit<Shapes["TimelineEventOut"], "kind">;

export type Role = Shapes["Role"];
export type User = Shapes["UserOut"];
export type OperatorStatus = User["status"];
export type SignupPolicy = Shapes["SignupOut"];
export type Me = Shapes["MeOut"];
export type Tokens = Shapes["SignedInOut"];
export type ResetResult = Shapes["ResetOut"];
export type Member = Shapes["MemberOut"];
export type Invitation = Shapes["InvitationOut"];

export type WidgetSettings = Shapes["WidgetOut"];
export type Theme = WidgetSettings["theme"];
export type IdentitySecret = Shapes["IdentitySecretOut"];
export type Workspace = Shapes["WorkspaceOut"];
export type WidgetConfig = Shapes["ConfigOut"];
export type WidgetSession = Shapes["SessionOut"];

export type PageView = Shapes["PageOut"];
export type Visitor = Shapes["VisitorOut"];
/** Whether a visitor is blocked, and the contact that says so. */
export type VisitorBlock = Shapes["BlockOut"];
export type Contact = Shapes["ContactOut"];
export type Provenance = Contact["provenance"][string];
export type SocketTicket = Shapes["TicketOut"];

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

type Body<Operation> = Operation extends {
  post: { requestBody: { content: { "application/json": infer Frame } } };
}
  ? Frame
  : never;
/** Frames by whom they go to: see `webhooks` in docs/openapi.json. */
type FramesTo<Receiver extends string> = {
  [Name in keyof webhooks as Name extends `${Receiver}/${string}` ? Name : never]: Body<
    webhooks[Name]
  >;
};
type FrameTo<Receiver extends string> = FramesTo<Receiver>[keyof FramesTo<Receiver>];

export type OperatorEvent = FrameTo<"operators">;
export type CustomerEvent = FrameTo<"customers">;
export type ReadMark = Extract<OperatorEvent, { type: "message.read" }>["data"];
/** From now on everything of this topic will be heard; what came before has to be fetched. */
export type SubscribedFrame = Shapes["SubscribedFrame"];
export type ClientFrame = FrameTo<"clients">;
export type PresenceState = Omit<Shapes["PresenceFrame"], "action">;

/**
 * Holds `shapes.ts` to the server's OpenAPI document while compiling: whatever the server may
 * answer must fit the shape that the front ends read. Nothing here runs.
 */

import type { components } from "../src/api.ts";
import type * as shapes from "../src/shapes.ts";

type Answers = components["schemas"];
type Fits<Shape, _Answer extends Shape> = true;
/** The document leaves the priority open, and `unread` is null in frames, which go to many. */
type Conversation = Omit<shapes.Conversation, "priority" | "unread">;

export type Contract = [
  Fits<shapes.Author, Answers["Author"]>,
  Fits<shapes.Message, Answers["MessageOut"]>,
  Fits<shapes.MessagePreview, Answers["LastMessageOut"]>,
  Fits<Conversation, Answers["ConversationOut"]>,
  Fits<shapes.CustomerConversation, Answers["CustomerConversationOut"]>,
  Fits<shapes.Page<Conversation>, Answers["ConversationPage"]>,
  Fits<shapes.Page<shapes.TimelineItem>, Answers["TimelinePage"]>,
  Fits<shapes.Contact, Answers["ContactOut"]>,
  Fits<shapes.Visitor, Answers["VisitorOut"]>,
  Fits<shapes.Me, Answers["MeOut"]>,
  Fits<shapes.Tokens, Answers["SignedInOut"]>,
  Fits<shapes.Member, Answers["MemberOut"]>,
  Fits<shapes.Invitation, Answers["InvitationOut"]>,
  Fits<shapes.Workspace, Answers["WorkspaceOut"]>,
  Fits<shapes.WidgetConfig, Answers["ConfigOut"]>,
  Fits<shapes.WidgetSession, Answers["SessionOut"]>,
  Fits<shapes.SocketTicket, Answers["TicketOut"]>,
  Fits<keyof Answers["SessionIn"], keyof shapes.NewWidgetSession>,
];

/** What the widget's preview shows: a session with one conversation, as no server gave it. */

import type { CustomerConversation, Message, WidgetSession, Workspace } from "@foyer/protocol";
import { language } from "../core/messages";
import { m } from "./messages";

const ID = "cnv_sample";
const MINUTE = 60_000;

interface Sample extends WidgetSession {
  /** By path below the conversations, what the server would answer. */
  answers: Record<string, unknown>;
}

/** The widget's options for a workspace's look and texts; `operator` is who answers. */
export function previewOptions({ widget, name }: Workspace, operator: string) {
  const { colour, position, theme } = widget;
  const team = [{ name: operator }];
  const preview: Sample = {
    token: "",
    expires_in: 0,
    visitor_id: "preview",
    visitor_secret: "",
    contact_id: null,
    verified: false,
    config: { ...widget, workspace_name: name, presence_seconds: 0, team },
    broadcasts: [],
    unread: 0,
    ignored: [],
    answers: {
      "": { data: [sampleConversation(operator)], next_cursor: null },
      [`/${ID}/messages`]: { data: sampleMessages(operator), next_cursor: null },
    },
  };
  return {
    key: "preview",
    colour,
    position,
    theme,
    launcher_hidden: false,
    locale: language.value,
    preview,
  };
}

function sampleMessages(operator: string): Message[] {
  const { question, answer, thanks } = m.widget.sample;
  return [question, answer, thanks].map((text, i) => ({
    id: `msg_${i}`,
    conversation_id: ID,
    seq: i + 1,
    author:
      i === 1
        ? { type: "operator", id: "", name: operator }
        : { type: "contact", id: "", name: "" },
    text,
    attachments: [],
    client_id: "",
    created_at: new Date(Date.now() - (4 - i) * MINUTE).toISOString(),
    delivery: "read",
  }));
}

function sampleConversation(operator: string): CustomerConversation {
  const last = sampleMessages(operator).at(-1) as Message;
  return {
    id: ID,
    status: "open",
    last_seq: last.seq,
    last_message: last,
    unread: 0,
    team_read_seq: last.seq,
    assignee: { name: operator },
    created_at: last.created_at,
    last_activity_at: last.created_at,
    version: 1,
  };
}

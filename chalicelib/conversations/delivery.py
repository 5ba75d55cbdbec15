"""What has reached the customer's browser: by a socket, or because it was fetched."""

from __future__ import annotations

import logging

from chalicelib.conversations import lists, store
from chalicelib.conversations.access import assignee_topic, team_topics
from chalicelib.conversations.events import MessageRead
from chalicelib.conversations.frames import ReadPush
from chalicelib.conversations.rows import Conversation
from chalicelib.conversations.schemas import MessageOut, MessageQuery
from chalicelib.edge.pages import Page
from chalicelib.kit import instants
from chalicelib.kit.actors import Context, Visitor
from chalicelib.kit.problems import Problem
from chalicelib.platform.tables.commits import retry_on_conflict, write_alone
from chalicelib.realtime import service as realtime

log = logging.getLogger("foyer.conversations")


def list_messages_as_visitor(
    ctx: Context[Visitor], conversation_id: str, query: MessageQuery
) -> Page[MessageOut]:
    """Messages for the customer's browser, which from then on has those of the team.

    One more write, and a query of who listens, when that is news.

    Raises:
        Missing: No such conversation for the caller.
    """
    page = lists.list_messages(ctx, conversation_id, query)
    arrived = max((each.seq for each in page.data if each.delivery == "sent"), default=0)
    if arrived:
        try:
            note(ctx.workspace_id, conversation_id, arrived, instants.to_text(ctx.now))
        except Problem:  # too many write at once: the mark can wait, the messages can't
            log.warning("delivery in %s was not noted", conversation_id)
    return page


def note(workspace_id: str, conversation_id: str, seq: int, at: str) -> None:
    """Keep that the customer's browser got our messages up to `seq`, and tell the team if new."""
    row = _save_mark(workspace_id, conversation_id, seq)
    if row is not None:
        push = ReadPush(
            conversation_id=conversation_id,
            by="customer",
            seq=seq,
            state="delivered",
            reader_id=None,
        )
        topics = (*team_topics(conversation_id), assignee_topic(row.assignee_id or ""))
        realtime.publish(workspace_id, topics, MessageRead.name, push, at=at)


@retry_on_conflict
def _save_mark(workspace_id: str, conversation_id: str, seq: int) -> Conversation | None:
    row = store.conversation(workspace_id, conversation_id)
    if row is None or seq <= row.data.customer_delivered_seq:
        return None
    row.data.customer_delivered_seq = seq
    write_alone(row)
    return row

"""The one way to a conversation's row: check and fetch together."""

from __future__ import annotations

from typing import Any

from chalicelib.conversations import store
from chalicelib.conversations.store import Conversation
from chalicelib.kit.actors import Author, Context, Operator, Visitor
from chalicelib.kit.problems import Missing
from chalicelib.platform.outbox import Source


def own_conversation(ctx: Context[Any], conversation_id: str) -> Conversation:
    """A conversation that the caller may see, as it is now. One read unit.

    Raises:
        Missing: None with this id, another workspace's, or another customer's.
    """
    row = store.conversation(ctx.workspace_id, conversation_id)
    if row is None or not _may_see(ctx, row):
        raise Missing("There is no such conversation", code="conversation.not_found")
    return row


def team_topics(conversation_id: str) -> tuple[str, ...]:
    """Where operators hear of a conversation: of all of them, or of this one."""
    return ("conversations", f"conversation/{conversation_id}")


def source(ctx: Context[Operator]) -> Source:
    """An operator's doing."""
    author = Author("operator", ctx.actor.id, ctx.actor.name)
    return Source(ctx.workspace_id, author, ctx.now)


def customer_source(ctx: Context[Visitor], row: Conversation) -> Source:
    """The customer's doing."""
    return Source(ctx.workspace_id, Author("contact", row.con, row.cn), ctx.now)


def _may_see(ctx: Context[Any], row: Conversation) -> bool:
    actor = ctx.actor
    if isinstance(actor, Visitor):
        return bool(row.con == actor.contact_id)
    return isinstance(actor, Operator)

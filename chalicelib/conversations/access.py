"""The one way to a conversation's row: check and fetch together."""

from __future__ import annotations

from typing import Any

from chalicelib.contacts import service as contacts
from chalicelib.conversations import store
from chalicelib.conversations.rows import Conversation
from chalicelib.kit.actors import Author, Context, Operator, Source, Visitor
from chalicelib.kit.problems import Conflict, Missing


def own_conversation(ctx: Context[Any], conversation_id: str) -> Conversation:
    """A conversation that the caller may see, as it is now. One read unit.

    A visitor who has just proved to be somebody may see at once what they began before: that
    their conversations are brought along by a reaction costs two reads more until it has run.

    Raises:
        Missing: None with this id, another workspace's, or another customer's.
        Unauthenticated: The visitor's browser proved to be somebody since its session began.
    """
    row = store.conversation(ctx.workspace_id, conversation_id)
    if row is None or not _may_see(ctx, row):
        raise Missing("There is no such conversation", code="conversation.not_found")
    check_identity(ctx, row)
    return row


def check_identity(ctx: Context[Any], row: Conversation) -> None:
    """Make sure that a visitor without proof sees nothing of who the same contact proved to be.

    Raises:
        Unauthenticated: The session is older than the proof.
        Forbidden: The contact is blocked.
    """
    if not isinstance(ctx.actor, Visitor):
        return
    if row.data.contact_blocked:
        raise contacts.blocked_problem()
    if row.data.contact_verified and not ctx.actor.verified:
        raise contacts.session_ended_problem()


def find_by_start(ctx: Context[Any], conversation_id: str) -> Conversation:
    """A conversation that a beginning with the caller's `client_id` has made.

    Raises:
        Unauthenticated: The browser proved to be somebody while it began; a new session joins both.
        Conflict: It was begun as somebody else (`idempotency.mismatch`).
    """
    try:
        return own_conversation(ctx, conversation_id)
    except Missing as error:
        row = store.conversation(ctx.workspace_id, conversation_id)
        if row is not None and row.contact_id == contacts.anonymous_id(
            ctx.workspace_id, ctx.actor.id
        ):
            raise contacts.session_ended_problem() from error
        raise Conflict(
            "This client_id was used for another message", code="idempotency.mismatch"
        ) from error


def team_topics(conversation_id: str) -> tuple[str, ...]:
    """Where operators hear of a conversation whosever it is: in the list of all, or in itself."""
    return ("conversations", conversation_topic(conversation_id))


def assignee_topic(user_id: str) -> str:
    """Where those hear of somebody's conversations who follow no other list."""
    return f"assigned/{user_id}"


def conversation_topic(conversation_id: str) -> str:
    """Where those operators hear of it who have it open."""
    return f"conversation/{conversation_id}"


def customer_source(ctx: Context[Visitor], row: Conversation) -> Source:
    """The customer's doing."""
    return Source(
        ctx.workspace_id, Author("contact", row.contact_id, row.data.contact_name), ctx.now
    )


def _may_see(ctx: Context[Any], row: Conversation) -> bool:
    actor = ctx.actor
    if isinstance(actor, Visitor):
        return row.contact_id == actor.contact_id or _is_merged_into(row, actor)
    return isinstance(actor, Operator)


def _is_merged_into(row: Conversation, visitor: Visitor) -> bool:
    """Whether the conversation's contact was merged into the visitor's."""
    contact = contacts.find_summary(row.workspace_id, row.contact_id) if visitor.verified else None
    return contact is not None and contact.id == visitor.contact_id

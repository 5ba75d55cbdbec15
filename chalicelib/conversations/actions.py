"""Socket frames about conversations: who is typing, who is looking. Nothing of it is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.conversations.access import conversation_topic, own_conversation
from chalicelib.conversations.frames import (
    TypingFrame,
    TypingPush,
    ViewingFrame,
    ViewingPush,
)
from chalicelib.conversations.schemas import PersonOut
from chalicelib.edge.frames import Action
from chalicelib.kit.actors import Author, Context, Operator, Visitor
from chalicelib.kit.ids import is_id
from chalicelib.kit.problems import invalid
from chalicelib.realtime import service as realtime

VIEWING_LIFE = timedelta(seconds=60)


def typing(ctx: Context[Any], connection_id: str, frame: TypingFrame) -> None:
    """Show the other side, and whoever of the team has it open, that somebody writes.

    Raises:
        Missing: No such conversation for the caller.
    """
    row = own_conversation(ctx, frame.conversation_id)
    actor = ctx.actor
    author = (
        Author("contact", row.contact_id, row.data.contact_name)
        if isinstance(actor, Visitor)
        else actor.author
    )
    push = TypingPush(conversation_id=row.id, author=author)
    topics = [conversation_topic(row.id)]
    if isinstance(actor, Operator):
        topics.append(f"contact/{row.contact_id}")
    realtime.publish(ctx.workspace_id, topics, "typing", push, but=connection_id)


def viewing(ctx: Context[Operator], connection_id: str, frame: ViewingFrame) -> None:
    """Show those who have a conversation open who they are. Raises Missing."""
    if not is_id(frame.entity, "cnv"):
        raise invalid("entity", "is not the id of a conversation")
    row = own_conversation(ctx, frame.entity)
    there = realtime.join_viewers(ctx, connection_id, f"viewing/{row.id}", life=VIEWING_LIFE)
    push = ViewingPush(
        entity=row.id, operators=[PersonOut(id=each.id, name=each.name) for each in there]
    )
    realtime.publish(ctx.workspace_id, [conversation_topic(row.id)], "viewing", push)


ACTIONS = (
    Action("typing", TypingFrame, (Operator, Visitor), typing),
    Action("viewing", ViewingFrame, (Operator,), viewing, cost=2),
)

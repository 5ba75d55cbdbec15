"""What can be asked of conversations. The parts: `writing`, `states`, `waking`, `lists`,
`counting`, `delivery`."""

from __future__ import annotations

from chalicelib.conversations import serializers, states
from chalicelib.conversations.access import own_conversation
from chalicelib.conversations.counting import COUNT, count, count_all, get_counts
from chalicelib.conversations.delivery import list_messages_as_visitor
from chalicelib.conversations.lists import (
    count_unread,
    list_as_visitor,
    list_conversations,
    list_messages,
)
from chalicelib.conversations.schemas import BulkIn, BulkOut, BulkResultOut, ConversationOut
from chalicelib.conversations.states import (
    Decide,
    assign,
    claim,
    close,
    open_again,
    read_as_operator,
    read_as_visitor,
    snooze,
    update,
)
from chalicelib.conversations.timeline import (
    CHANGES,
    MESSAGES,
    Entry,
    EntryKind,
    InTimeline,
    get_timeline,
)
from chalicelib.conversations.timeline import page_shape as timeline_page_shape
from chalicelib.conversations.timeline import register as register_timeline
from chalicelib.conversations.waking import WAKE, migrate_snoozes, wake
from chalicelib.conversations.writing import (
    send_as_operator,
    send_as_visitor,
    start_as_operator,
    start_as_visitor,
    start_with_visitor,
)
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.grants import Scope
from chalicelib.kit.problems import Missing, Problem, invalid

__all__ = [
    "CHANGES", "COUNT", "MESSAGES", "WAKE", "Entry", "EntryKind", "InTimeline", "assign",
    "bulk", "claim", "close", "count", "count_all", "count_unread", "get", "get_counts",
    "get_timeline", "list_as_visitor", "list_conversations", "list_messages",
    "list_messages_as_visitor", "may_watch", "may_watch_assigned", "may_watch_list",
    "migrate_snoozes", "open_again", "read_as_operator", "read_as_visitor", "register_timeline",
    "send_as_operator", "send_as_visitor", "snooze", "start_as_operator", "start_as_visitor",
    "start_with_visitor", "timeline_page_shape", "update", "wake",
]  # fmt: skip


def get(ctx: Context[Operator], conversation_id: str) -> ConversationOut:
    """One conversation. Raises Missing."""
    return serializers.conversation(own_conversation(ctx, conversation_id), ctx.actor.id)


def bulk(ctx: Context[Operator], body: BulkIn) -> BulkOut:
    """Do one action to many; each succeeds or fails for itself.

    Raises:
        Invalid: What is to be done can't be done to any of them; nothing was changed.
    """
    decide = _decision(ctx, body)
    return BulkOut(data=[_attempt(ctx, each, decide) for each in dict.fromkeys(body.ids)])


def may_watch_list(ctx: Context[Operator], rest: str) -> None:
    """Whether the caller may listen to all conversations: who may see all. Raises Missing."""
    if rest or not isinstance(ctx.actor, Operator) or ctx.actor.scope is not Scope.ALL:
        raise Missing("There is no such topic", code="topic.not_found")


def may_watch_assigned(ctx: Context[Operator], user_id: str) -> None:
    """Whether the caller may listen to somebody's conversations: to their own. Raises Missing."""
    if not isinstance(ctx.actor, Operator) or ctx.actor.id != user_id:
        raise Missing("There is no such topic", code="topic.not_found")


def may_watch(ctx: Context[Operator], conversation_id: str) -> None:
    """Whether the caller may listen to one conversation. Raises Missing."""
    own_conversation(ctx, conversation_id)


def _decision(ctx: Context[Operator], body: BulkIn) -> Decide:
    if body.until is not None and body.action != "snooze":
        raise invalid("until", "goes with the action snooze")
    if body.assignee_id is not None and body.action != "assign":
        raise invalid("assignee_id", "goes with the action assign")
    if body.action == "snooze":
        return states.snoozing(ctx, body.until)
    if body.action == "assign":
        return states.assigning(ctx, body.assignee_id)
    return {"open": states.opening, "close": states.closing}[body.action]


def _attempt(ctx: Context[Operator], conversation_id: str, decide: Decide) -> BulkResultOut:
    try:
        states.change(ctx, conversation_id, decide)
    except Problem as problem:
        return BulkResultOut(id=conversation_id, ok=False, code=problem.code)
    return BulkResultOut(id=conversation_id, ok=True)

"""What can be asked of conversations. The parts: `writing`, `states`, `waking`, `lists`,
`delivery`."""

from __future__ import annotations

from chalicelib.conversations import delivery, lists, shown, states, waking, writing
from chalicelib.conversations.access import own_conversation
from chalicelib.conversations.schemas import BulkIn, BulkOut, BulkResultOut, ConversationOut
from chalicelib.conversations.states import Decide
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.problems import Missing, Problem, invalid

start_as_visitor = writing.start_as_visitor
start_as_operator = writing.start_as_operator
start_with_visitor = writing.start_with_visitor
send_as_visitor = writing.send_as_visitor
send_as_operator = writing.send_as_operator
open_again = states.open_again
close = states.close
snooze = states.snooze
assign = states.assign
claim = states.claim
update = states.update
read_as_operator = states.read_as_operator
read_as_visitor = states.read_as_visitor
wake = waking.wake
WAKE = waking.WAKE
move_snoozes = waking.move_snoozes
listed = lists.listed
of_customer = lists.of_customer
unread_of = lists.unread_of
messages = lists.messages
fetched = delivery.fetched
timeline = lists.timeline


def get(ctx: Context[Operator], conversation_id: str) -> ConversationOut:
    """One conversation. Raises Missing."""
    return shown.conversation(own_conversation(ctx, conversation_id), ctx.actor.id)


def bulk(ctx: Context[Operator], asked: BulkIn) -> BulkOut:
    """Do one action to many; each succeeds or fails for itself.

    Raises:
        Invalid: What is to be done can't be done to any of them; nothing was changed.
    """
    decide = _decision(ctx, asked)
    return BulkOut(data=[_tried(ctx, each, decide) for each in dict.fromkeys(asked.ids)])


def may_watch_list(ctx: Context[Operator], rest: str) -> None:
    """Whether the caller may listen to all conversations: every operator. Raises Missing."""
    if rest or not isinstance(ctx.actor, Operator):
        raise Missing("There is no such topic", code="topic.not_found")


def may_watch(ctx: Context[Operator], conversation_id: str) -> None:
    """Whether the caller may listen to one conversation. Raises Missing."""
    own_conversation(ctx, conversation_id)


def _decision(ctx: Context[Operator], asked: BulkIn) -> Decide:
    if asked.until is not None and asked.action != "snooze":
        raise invalid("until", "goes with the action snooze")
    if asked.assignee_id is not None and asked.action != "assign":
        raise invalid("assignee_id", "goes with the action assign")
    if asked.action == "snooze":
        return states.snoozing(ctx, asked.until)
    if asked.action == "assign":
        return states.assigning(ctx, asked.assignee_id)
    return {"open": states.opening, "close": states.closing}[asked.action]


def _tried(ctx: Context[Operator], conversation_id: str, decide: Decide) -> BulkResultOut:
    try:
        states.changed(ctx, conversation_id, decide)
    except Problem as problem:
        return BulkResultOut(id=conversation_id, ok=False, code=problem.code)
    return BulkResultOut(id=conversation_id, ok=True)

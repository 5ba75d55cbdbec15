"""What can be asked of conversations. The parts: `writing`, `states`, `lists`, `delivery`."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.conversations import delivery, lists, shown, states, writing
from chalicelib.conversations.access import own_conversation
from chalicelib.conversations.schemas import BulkIn, BulkOut, BulkResultOut, ConversationOut
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
wake = states.wake
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
    """Do one action to many; each succeeds or fails for itself."""
    act = _bulk_action(ctx, asked)
    return BulkOut(data=[_tried(act, each) for each in dict.fromkeys(asked.ids)])


def may_watch_list(ctx: Context[Operator], rest: str) -> None:
    """Whether the caller may listen to all conversations: every operator. Raises Missing."""
    if rest or not isinstance(ctx.actor, Operator):
        raise Missing("There is no such topic", code="topic.not_found")


def may_watch(ctx: Context[Operator], conversation_id: str) -> None:
    """Whether the caller may listen to one conversation. Raises Missing."""
    own_conversation(ctx, conversation_id)


def _bulk_action(ctx: Context[Operator], asked: BulkIn) -> Callable[[str], ConversationOut]:
    if asked.until is not None and asked.action != "snooze":
        raise invalid("until", "goes with the action snooze")
    if asked.assignee_id is not None and asked.action != "assign":
        raise invalid("assignee_id", "goes with the action assign")
    actions: dict[str, Callable[[str], ConversationOut]] = {
        "open": lambda each: open_again(ctx, each),
        "close": lambda each: close(ctx, each),
        "snooze": lambda each: snooze(ctx, each, asked.until),
        "assign": lambda each: assign(ctx, each, asked.assignee_id),
    }
    return actions[asked.action]


def _tried(act: Callable[[str], ConversationOut], conversation_id: str) -> BulkResultOut:
    try:
        act(conversation_id)
    except Problem as problem:
        return BulkResultOut(id=conversation_id, ok=False, code=problem.code)
    return BulkResultOut(id=conversation_id, ok=True)

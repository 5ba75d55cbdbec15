"""What conversations do when something happened: tell those who look, keep the timeline.

Operators of the workspace listen to `conversations`, or to one `conversation/<id>`; a customer's
browsers to their contact. The frames show the conversation as it is now, which is at least as new
as the event.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import msgspec

from chalicelib.conversations import delivery, serializers, service, store
from chalicelib.conversations.access import assignee_topic, team_topics
from chalicelib.conversations.events import (
    ConversationAssigned,
    ConversationClosed,
    ConversationCreated,
    ConversationEvent,
    ConversationOpened,
    ConversationSnoozed,
    ConversationUpdated,
    MessageCreated,
    MessageRead,
)
from chalicelib.conversations.frames import (
    CONVERSATION_GONE,
    ConversationGonePush,
    ConversationPush,
    CustomerConversationPush,
    CustomerMessagePush,
    CustomerReadPush,
    MessagePush,
    ReadPush,
)
from chalicelib.conversations.rows import Change, Conversation
from chalicelib.conversations.schemas import MessageOut, SharedConversationOut
from chalicelib.edge.wire import Output
from chalicelib.kit.cache import Cache
from chalicelib.kit.events import Recorded
from chalicelib.realtime import service as realtime
from chalicelib.visitors import service as visitors

Tell = Callable[[Conversation], Output | None]
"""What an audience is told of a conversation, made only if somebody is there."""

# By the event's id, so each is at least as new as its event.
_rows: Cache[str, Conversation | None] = Cache(size=64, life=1.0)
_FOR_CUSTOMERS = (
    ConversationCreated,
    ConversationOpened,
    ConversationClosed,
    ConversationAssigned,
)
_IN_TIMELINE = (ConversationOpened, ConversationClosed, ConversationSnoozed, ConversationAssigned)


def show_message(recorded: Recorded) -> None:
    """Send a message to the team and to its customer, and note that it arrived there.

    Nothing is read but who listens while nobody does.
    """
    event = recorded.event
    if not isinstance(event, MessageCreated):
        return

    @functools.cache
    def message() -> MessageOut | None:
        row = _conversation(recorded, event)
        row_of_message = store.message_by_key(event.conversation_id, event.key) if row else None
        return serializers.message(row_of_message, row) if row_of_message and row else None

    def for_customer(row: Conversation) -> CustomerMessagePush | None:
        out, conversation = message(), serializers.customer_conversation(row)
        return CustomerMessagePush(message=out, conversation=conversation) if out else None

    def for_team(row: Conversation) -> MessagePush | None:
        out = message()
        return MessagePush(message=out, conversation=_for_team(row)) if out else None

    arrived = _show_customer(recorded, event, for_customer)
    _show_team(recorded, event, for_team)
    row = _conversation(recorded, event) if arrived else None
    if row is not None and event.seq > row.data.customer_delivered_seq:
        delivery.note(recorded.workspace_id, row.id, event.seq, recorded.at)


def show_conversation(recorded: Recorded) -> None:
    """Send a changed conversation to the team and, where it concerns them, to its customer."""
    event = recorded.event
    if not isinstance(event, ConversationEvent):
        return
    _show_team(
        recorded,
        event,
        lambda row: ConversationPush(conversation=_for_team(row), actor=recorded.actor),
    )
    if isinstance(event, ConversationAssigned):
        _show_former(recorded, event)
    if _concerns_customer(event):
        _show_customer(
            recorded,
            event,
            lambda row: CustomerConversationPush(
                conversation=serializers.customer_conversation(row)
            ),
        )


def show_reading(recorded: Recorded) -> None:
    """Tell the other side, and the reader's other tabs, how far somebody has read."""
    event = recorded.event
    if not isinstance(event, MessageRead):
        return
    push = CustomerReadPush(
        conversation_id=event.conversation_id, by=event.side, seq=event.seq, state="read"
    )
    with_reader = ReadPush(**msgspec.structs.asdict(push), reader_id=event.reader_id)
    _show_team(recorded, event, lambda _: with_reader)
    _show_customer(recorded, event, lambda _: push)


def keep_change(recorded: Recorded) -> None:
    """Write a line of the timeline; the event's id makes it the same line when seen again."""
    event = recorded.event
    if not isinstance(event, _IN_TIMELINE):
        return
    data = msgspec.to_builtins(event)
    Change(
        conversation_id=event.conversation_id,
        id=recorded.id,
        name=event.name,
        at=recorded.at,
        actor=msgspec.to_builtins(recorded.actor),
        data={name: value for name, value in data.items() if name != "conversation_id"},
    ).save()


def count(recorded: Recorded) -> None:
    """Keep the counts of open and unread conversations.

    A customer's message after others that nobody has read or answered changes none of them, and
    that is seen without a further read.
    """
    event = recorded.event
    if not isinstance(event, ConversationEvent):
        return
    row = _conversation(recorded, event)
    if row is None or not (isinstance(event, MessageCreated) and _is_one_more(event.seq, row)):
        service.count(recorded.workspace_id, event.conversation_id, row)


def note_chat(recorded: Recorded) -> None:
    """Let the list of visitors show who is in a chat.

    Another's note of an earlier state may come after this one, so each looks again after it has
    noted something: whoever is the last has seen how it is.
    """
    event = recorded.event
    if not isinstance(event, ConversationCreated | ConversationOpened | ConversationClosed):
        return
    row, noted = _conversation(recorded, event), None
    while row is not None and row.data.visitor_id:
        is_over = row.status == "closed"
        if is_over == noted:
            return
        if not visitors.note_chat(
            recorded.workspace_id, row.data.visitor_id, row.id, is_over=is_over
        ):
            return
        noted = is_over
        row = store.conversation(recorded.workspace_id, event.conversation_id)


def _concerns_customer(event: ConversationEvent) -> bool:
    """What the team notes for itself doesn't; that a conversation is now somebody's does."""
    if isinstance(event, ConversationUpdated):
        return not {"assignee", "contact"}.isdisjoint(event.fields)
    return isinstance(event, _FOR_CUSTOMERS)


def _is_one_more(seq: int, row: Conversation) -> bool:
    """Whether a message follows on others that nobody had read or answered."""
    reached = max(row.data.last_team_seq, *row.data.read_by.values(), 0)
    return seq - 1 > reached


def _for_team(row: Conversation) -> SharedConversationOut:
    return serializers.conversation(row, None)


def _conversation(recorded: Recorded, event: ConversationEvent) -> Conversation | None:
    """The conversation of an event, loaded once for all who react to it."""
    return _rows.recall(
        recorded.id, lambda: store.conversation(recorded.workspace_id, event.conversation_id)
    )


def _show_team(recorded: Recorded, event: ConversationEvent, tell: Tell) -> None:
    def data() -> Output | None:
        row = _conversation(recorded, event)
        return tell(row) if row else None

    _publish(
        recorded,
        team_topics(event.conversation_id),
        data,
        also=lambda: _assignee_topics(_conversation(recorded, event)),
    )


def _show_former(recorded: Recorded, event: ConversationAssigned) -> None:
    """Tell whoever had it, and hears of it in no other list, that it is gone."""
    former = event.former_assignee_id
    if former is None:
        return

    def data() -> Output | None:
        row = _conversation(recorded, event)
        is_gone = row is not None and row.assignee_id != former
        return ConversationGonePush(conversation_id=event.conversation_id) if is_gone else None

    realtime.publish(
        recorded.workspace_id,
        (assignee_topic(former),),
        CONVERSATION_GONE,
        data,
        event_id=recorded.id,
        at=recorded.at,
        unless={*team_topics(event.conversation_id), assignee_topic(event.assignee_id or "")},
    )


def _assignee_topics(row: Conversation | None) -> tuple[str, ...]:
    return (assignee_topic(row.assignee_id),) if row and row.assignee_id else ()


def _show_customer(recorded: Recorded, event: ConversationEvent, tell: Tell) -> int:
    """Returns how many of the customer's browsers had it: none of one whose it is no more."""

    def data() -> Output | None:
        row = _conversation(recorded, event)
        return tell(row) if row and row.contact_id == event.contact_id else None

    return _publish(recorded, (f"contact/{event.contact_id}",), data)


def _publish(
    recorded: Recorded,
    topics: Iterable[str],
    data: realtime.Data,
    also: Callable[[], Iterable[str]] | None = None,
) -> int:
    return realtime.publish(
        recorded.workspace_id,
        topics,
        recorded.event.name,
        data,
        event_id=recorded.id,
        at=recorded.at,
        also=also,
    )

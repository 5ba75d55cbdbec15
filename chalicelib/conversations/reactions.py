"""What conversations do when something happened: tell those who look, keep the timeline.

Operators of the workspace listen to `conversations`, or to one `conversation/<id>`; a customer's
browsers to their contact. The frames show the conversation as it is now, which is at least as new
as the event.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from chalicelib.contacts import service as contacts
from chalicelib.contacts.events import ContactMerged, ContactUpdated
from chalicelib.conversations import lists, service, shown, states, store
from chalicelib.conversations.access import team_topics
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
from chalicelib.conversations.schemas import MessageOut
from chalicelib.conversations.store import Conversation
from chalicelib.kit import instants
from chalicelib.kit.events import Recorded
from chalicelib.kit.recent import Recent
from chalicelib.platform.outbox import Source
from chalicelib.realtime import service as realtime
from chalicelib.visitors import service as visitors

# By the event's id, so each is at least as new as its event.
_rows: Recent[str, Conversation | None] = Recent(size=64, life=1.0)
_FOR_CUSTOMERS = (
    ConversationCreated,
    ConversationOpened,
    ConversationClosed,
    ConversationAssigned,
)
_IN_TIMELINE = (ConversationOpened, ConversationClosed, ConversationSnoozed, ConversationAssigned)


def show_message(recorded: Recorded) -> None:
    """Send a message to the team and to its customer, and note that it arrived there."""
    event = recorded.event
    if not isinstance(event, MessageCreated):
        return
    row = _conversation(recorded, event)
    if row is None:
        return

    @functools.cache
    def message() -> MessageOut | None:
        found = store.message_by_key(event.conversation_id, event.key)
        return shown.message(found, row) if found else None

    def told(conversation: Callable[[], Any]) -> dict[str, Any] | None:
        said = message()
        return {"message": said, "conversation": conversation()} if said else None

    arrived = _show_customer(recorded, row, lambda: told(lambda: shown.customer_conversation(row)))
    _show_team(recorded, event, lambda: told(lambda: shown.conversation(row, None)))
    if arrived and event.seq > row.cds:
        _note_delivery(recorded, row.id, event.seq)


def show_conversation(recorded: Recorded) -> None:
    """Send a changed conversation to the team and, where it concerns them, to its customer."""
    event = recorded.event
    if not isinstance(event, ConversationEvent):
        return
    row = _conversation(recorded, event)
    if row is None:
        return
    _show_team(
        recorded,
        event,
        lambda: {"conversation": shown.conversation(row, None), "actor": recorded.actor},
    )
    if _concerns_customer(event):
        _show_customer(recorded, row, lambda: {"conversation": shown.customer_conversation(row)})


def show_reading(recorded: Recorded) -> None:
    """Tell the other side, and the reader's other tabs, how far somebody has read."""
    event = recorded.event
    if not isinstance(event, MessageRead):
        return
    told: dict[str, Any] = {
        "conversation_id": event.conversation_id,
        "by": event.side,
        "seq": event.seq,
        "state": "read",
    }
    _show_team(recorded, event, {**told, "reader_id": event.reader_id})
    row = _conversation(recorded, event)
    if row is not None:
        _show_customer(recorded, row, told)


def keep_change(recorded: Recorded) -> None:
    """Write a line of the timeline; the event's id makes it the same line when seen again."""
    event = recorded.event
    if not isinstance(event, _IN_TIMELINE):
        return
    data = msgspec.to_builtins(event)
    store.Change(
        cnv=event.conversation_id,
        id=recorded.id,
        name=event.name,
        at=recorded.at,
        actor=msgspec.to_builtins(recorded.actor),
        data={name: value for name, value in data.items() if name != "conversation_id"},
    ).save()


def note_chat(recorded: Recorded) -> None:
    """Let the list of visitors show who is in a chat."""
    event = recorded.event
    if not isinstance(event, ConversationCreated | ConversationOpened | ConversationClosed):
        return
    row = _conversation(recorded, event)
    if row is not None and row.vis:
        note = visitors.note_chat_over if row.st == "closed" else visitors.note_chat
        note(recorded.workspace_id, row.vis, row.id)


def follow_contact(recorded: Recorded) -> None:
    """Bring conversations along when their contact changes its name or proves to be another."""
    event = recorded.event
    if not isinstance(event, ContactUpdated | ContactMerged):
        return
    known = contacts.find(recorded.workspace_id, event.contact_id)
    if known is None:
        return
    held_by = event.merged_id if isinstance(event, ContactMerged) else event.contact_id
    by = Source(recorded.workspace_id, recorded.actor, instants.read(recorded.at))
    for conversation_id in lists.ids_of_contact(recorded.workspace_id, held_by):
        states.rename_contact(recorded.workspace_id, conversation_id, known, by=by)


def _concerns_customer(event: ConversationEvent) -> bool:
    """What the team notes for itself doesn't; that a conversation is now somebody's does."""
    if isinstance(event, ConversationUpdated):
        return "contact" in event.fields
    return isinstance(event, _FOR_CUSTOMERS)


def _note_delivery(recorded: Recorded, conversation_id: str, seq: int) -> None:
    if service.delivered(recorded.workspace_id, conversation_id, seq):
        realtime.publish(
            recorded.workspace_id,
            team_topics(conversation_id),
            MessageRead.name,
            {
                "conversation_id": conversation_id,
                "by": "customer",
                "seq": seq,
                "state": "delivered",
            },
            at=recorded.at,
        )


def _conversation(recorded: Recorded, event: ConversationEvent) -> Conversation | None:
    """The conversation of an event, loaded once for all who react to it."""
    return _rows.recall(
        recorded.id, lambda: store.conversation(recorded.workspace_id, event.conversation_id)
    )


def _show_team(recorded: Recorded, event: ConversationEvent, data: realtime.Told) -> None:
    _publish(recorded, team_topics(event.conversation_id), data)


def _show_customer(recorded: Recorded, row: Conversation, data: realtime.Told) -> int:
    """Returns how many of the customer's browsers had it."""
    return _publish(recorded, (f"contact/{row.con}",), data)


def _publish(recorded: Recorded, topics: Iterable[str], data: realtime.Told) -> int:
    return realtime.publish(
        recorded.workspace_id,
        topics,
        recorded.event.name,
        data,
        event_id=recorded.id,
        at=recorded.at,
    )

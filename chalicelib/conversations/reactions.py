"""What conversations do when something happened: tell those who look, keep the timeline.

Operators of the workspace listen to `conversations`; a customer's browsers to their contact. The
frames show the conversation as it is now, which is at least as new as the event.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.contacts import service as contacts
from chalicelib.contacts.events import ContactMerged, ContactUpdated
from chalicelib.conversations import lists, service, shown, states, store
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
from chalicelib.kit import instants
from chalicelib.kit.events import Recorded
from chalicelib.platform.outbox import Source
from chalicelib.realtime import service as realtime
from chalicelib.visitors import service as visitors

OPERATORS = "conversations"
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
    row = store.conversation(recorded.workspace_id, event.conversation_id)
    message = store.message_by_key(event.conversation_id, event.key)
    if row is None or message is None:
        return
    told = msgspec.to_builtins(shown.message(message, row))
    customer = {
        "message": told,
        "conversation": msgspec.to_builtins(shown.customer_conversation(row)),
    }
    team = {"message": told, "conversation": msgspec.to_builtins(shown.conversation(row, None))}
    arrived = _publish(recorded, [f"contact/{row.con}"], customer)
    _publish(recorded, [OPERATORS], team)
    if arrived and message.at != "c":
        _note_delivery(recorded, row.id, event.seq)


def show_conversation(recorded: Recorded) -> None:
    """Send a changed conversation to the team and, where it concerns them, to its customer."""
    event = recorded.event
    if not isinstance(event, ConversationEvent):
        return
    row = store.conversation(recorded.workspace_id, event.conversation_id)
    if row is None:
        return
    actor = msgspec.to_builtins(recorded.actor)
    team = {"conversation": msgspec.to_builtins(shown.conversation(row, None)), "actor": actor}
    _publish(recorded, [OPERATORS], team)
    if _concerns_customer(event):
        told = msgspec.to_builtins(shown.customer_conversation(row))
        _publish(recorded, [f"contact/{row.con}"], {"conversation": told})


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
    _publish(recorded, [OPERATORS], {**told, "reader_id": event.reader_id})
    row = store.conversation(recorded.workspace_id, event.conversation_id)
    if row is not None:
        _publish(recorded, [f"contact/{row.con}"], told)


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
    row = store.conversation(recorded.workspace_id, event.conversation_id)
    if row is not None and row.vis:
        chat = None if row.st == "closed" else row.id
        visitors.note_chat(recorded.workspace_id, row.vis, chat)


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
            [OPERATORS],
            MessageRead.name,
            {
                "conversation_id": conversation_id,
                "by": "customer",
                "seq": seq,
                "state": "delivered",
            },
            at=recorded.at,
        )


def _publish(recorded: Recorded, topics: list[str], data: dict[str, Any]) -> int:
    return realtime.publish(
        recorded.workspace_id,
        topics,
        recorded.event.name,
        data,
        event_id=recorded.id,
        at=recorded.at,
    )

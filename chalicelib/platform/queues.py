"""Queues for what is slow or external, one for each lane: SQS, or a table of one machine.

| question                                  | asked of | key                             |
|-------------------------------------------|----------|---------------------------------|
| what waits in a lane, the longest due 1st | queued   | lane, id = "<instant>#<ulid>"   |

A message names an event and who is to react to it; what happened stands in the outbox (an event so
old that the outbox may forget it before goes along). Messages may come twice and in any order. The
table is only there where FOYER_QUEUES names no queues.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chalicelib.kit import instants
from chalicelib.kit.ids import new_id
from chalicelib.platform import sdk
from chalicelib.platform.config import config, table_name
from chalicelib.platform.tables import outbox
from chalicelib.platform.tables.outbox import OutboxRow
from chalicelib.platform.tables.rows import (
    JSONAttribute,
    Model,
    NumberAttribute,
    UnicodeAttribute,
)


class EventCopy(msgspec.Struct, frozen=True):
    """An event as the outbox had it."""

    name: str
    at: str
    actor: str
    data: str


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which reaction to which event; with the event where the outbox may forget it meanwhile."""

    workspace_id: str
    event_id: str
    reaction: str
    event: EventCopy | None = None


class Queued(Model):
    """A message on one machine; `tries` is how often it was handed out."""

    class Meta:
        table_name = table_name("queued")

    lane = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    workspace_id = UnicodeAttribute()
    event_id = UnicodeAttribute()
    reaction = UnicodeAttribute()
    event = JSONAttribute(null=True)
    tries = NumberAttribute(default=0)


def put(lane: str, message: Message) -> None:
    """Let a message wait in a lane. It is durable on return.

    Workspaces are groups of SQS's fair queues: of one that sends in crowds, the others' messages
    don't wait behind it.

    Raises:
        ClientError, BotoCoreError, PynamoDBException: It could not be put there.
    """
    base = config().queues
    if not base:
        row_of(lane, message, instants.now()).save()
        return
    _sqs().send_message(
        QueueUrl=f"{base}{lane}",
        MessageBody=msgspec.json.encode(message).decode(),
        MessageGroupId=message.workspace_id,
    )


def row_of(lane: str, message: Message, due: datetime, tries: int = 0) -> Queued:
    """The row of a message that is to be handed out at `due`."""
    return Queued(
        lane=lane,
        id=f"{instants.to_text(due)}#{new_id('msg')}",
        tries=tries,
        **msgspec.structs.asdict(message),
    )


def message_of(row: Queued) -> Message:
    """What is to be handed out for a row."""
    event = msgspec.convert(row.event, EventCopy | None)
    return Message(row.workspace_id, row.event_id, row.reaction, event)


def find_event(message: Message) -> OutboxRow | None:
    """The event of a message; None when the outbox has forgotten it. One read unit."""
    row = outbox.event(message.workspace_id, message.event_id)
    if row is None and message.event is not None:
        row = _event_row(message, message.event)
    return row


def unknown_event(message: Message) -> OutboxRow:
    """Stands for an event that has been forgotten, so that what is given up can be told of."""
    return _event_row(message, EventCopy(name="", at="", actor="", data=""))


def _event_row(message: Message, event: EventCopy) -> OutboxRow:
    return OutboxRow(
        workspace_id=message.workspace_id, id=message.event_id, **msgspec.structs.asdict(event)
    )


def rest(queue: str, receipt: str, seconds: float) -> None:
    """Let a message that failed come again after so long; one machine sees to that by itself."""
    base = config().queues
    if base:
        _sqs().change_message_visibility(
            QueueUrl=f"{base.rpartition('/')[0]}/{queue}",
            ReceiptHandle=receipt,
            VisibilityTimeout=int(seconds),
        )


def _sqs() -> Any:
    address = urlsplit(config().queues)
    return sdk.client("sqs", endpoint_url=f"{address.scheme}://{address.netloc}")

"""Queues for what is slow or external, one for each lane: SQS, or a table of one machine.

| question                                  | asked of | key                             |
|-------------------------------------------|----------|---------------------------------|
| what waits in a lane, the longest due 1st | queued   | lane, id = "<instant>#<ulid>"   |

A message names an event and who is to react to it; what happened stands in the outbox. Messages
may come twice and in any order. The table is only there where FOYER_QUEUES names no queues.
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
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute


class Message(msgspec.Struct, frozen=True):
    """Which reaction to which event."""

    workspace_id: str
    event_id: str
    reaction: str


class Queued(Model):
    """A message on one machine; `tries` is how often it was handed out."""

    class Meta:
        table_name = table_name("queued")

    lane = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    workspace_id = UnicodeAttribute()
    event_id = UnicodeAttribute()
    reaction = UnicodeAttribute()
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

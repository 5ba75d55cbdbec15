"""The outbox: one row per event, written with the change it tells of.

| question                              | asked of | key                |
|---------------------------------------|----------|--------------------|
| what happened since (stream consumer) | stream   | in order per shard |
| a workspace's events after a cursor   | outbox   | workspace_id + id  |

Rows live 30 days. Ids sort by time of writing within a process, so a reader of the feed must
allow for some seconds of overlap between processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from pynamodb.exceptions import AttributeDeserializationError

from chalicelib.kit import instants
from chalicelib.kit.actors import Source
from chalicelib.kit.events import Event
from chalicelib.kit.ids import new_id
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute
from chalicelib.platform.transport import witnesses

LIFE = timedelta(days=30)


class OutboxRow(Model):
    class Meta:
        table_name = table_name("outbox")

    workspace_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    data = UnicodeAttribute()
    expires_at = NumberAttribute()


witnesses.register(OutboxRow.Meta.table_name, "workspace_id", "id")


def read(image: Mapping[str, Any]) -> OutboxRow | None:
    """The row that a stream record shows, None when it isn't one of ours."""
    row = OutboxRow()
    try:
        row.deserialize(dict(image))
    except (AttributeDeserializationError, ValueError):
        return None
    return row if None not in (row.id, row.workspace_id, row.name) else None


def event(workspace_id: str, event_id: str) -> OutboxRow | None:
    """One event; None when it has expired. One read unit for each four kilobytes."""
    try:
        return OutboxRow.get(workspace_id, event_id, consistent_read=True)
    except OutboxRow.DoesNotExist:
        return None


def rows(events: Sequence[Event], by: Source) -> tuple[OutboxRow, ...]:
    """The rows that record `events`, in order."""
    actor = msgspec.json.encode(by.actor).decode()
    return tuple(
        OutboxRow(
            workspace_id=by.workspace_id,
            id=new_id("evt"),
            name=event.name,
            at=instants.to_text(by.at),
            actor=actor,
            data=msgspec.json.encode(event).decode(),
            expires_at=int((by.at + LIFE).timestamp()),
        )
        for event in events
    )

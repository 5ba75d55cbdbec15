"""What conversations do by the clock: wake what was snoozed until now."""

from __future__ import annotations

from datetime import datetime

from chalicelib.conversations import service
from chalicelib.platform.tables.due import Call


def wake(call: Call, now: datetime) -> None:
    """Open a conversation whose snooze has ended. Whatever else was done to it meanwhile wins."""
    service.wake(call.workspace_id, call.entity_id, now)


def count_all(call: Call, now: datetime) -> None:
    """Count the conversations of a workspace that has had some since before there were counts."""
    service.count_all(call.workspace_id, call.entity_id, now)


def migrate_snoozes(now: datetime, ends: float) -> None:
    """Bring what an earlier version snoozed to the common index; once in a process, two units."""
    del now
    service.migrate_snoozes(ends)

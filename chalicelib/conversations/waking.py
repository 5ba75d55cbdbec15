"""The end of a snooze. Part of the conversations service."""

from __future__ import annotations

import threading
from datetime import datetime
from time import monotonic

from chalicelib.conversations import domain, store
from chalicelib.conversations.events import ConversationOpened
from chalicelib.kit.actors import Source, System
from chalicelib.platform.tables import due
from chalicelib.platform.tables.commits import commit, retry_on_conflict, save

WAKE = "conversation.wake"
"""What is due (`platform.tables.due`) when a snooze ends."""
_MOVED_AT_ONCE = 100
_moved = threading.Event()


@retry_on_conflict
def wake(workspace_id: str, conversation_id: str, now: datetime) -> bool:
    """Open a conversation whose snooze has ended, once; False if something else came first."""
    row = store.conversation(workspace_id, conversation_id)
    if row is None or not domain.is_due(row.thread(), now):
        return False
    row.apply(domain.wake(row.thread()))
    commit(
        save(row),
        events=[ConversationOpened(**row.ids, why="clock")],
        by=Source.of(System(workspace_id), now),
    )
    return True


def migrate_snoozes(ends: float) -> None:
    """Let the common index (`platform.tables.due`) know what an earlier version snoozed."""
    while not _moved.is_set() and monotonic() < ends:
        rows = store.list_legacy_snoozes(_MOVED_AT_ONCE)
        for workspace_id, conversation_id in rows:
            _migrate_snooze(workspace_id, conversation_id)
        if not rows:
            _moved.set()


@retry_on_conflict
def _migrate_snooze(workspace_id: str, conversation_id: str) -> None:
    row = store.conversation(workspace_id, conversation_id)
    if row is None:
        return
    thread = row.thread()
    row.apply(thread)
    until = thread.snoozed_until
    commit(save(row), *((due.at(until, WAKE, row.workspace_id, row.id),) if until else ()))

"""Who is blocked: part of the contacts service.

A contact says so in its row, which a session's start, a first message and a socket's ticket read
anyway; a visitor that has no contact gets one by being blocked, since that has to last. What this
process blocked it refuses at once, before others have brought it to their own rows.
"""

from __future__ import annotations

import threading
import time

from chalicelib.contacts import store
from chalicelib.contacts.store import Contact
from chalicelib.kit.actors import Visitor
from chalicelib.kit.problems import Forbidden

REMEMBERED_FOR = 10.0
"""Seconds; by then conversations know it, too."""

_lately: dict[tuple[str, str], float] = {}
_lock = threading.Lock()


def blocked_problem() -> Forbidden:
    """What somebody is told who is blocked."""
    return Forbidden("You can't write here any more", code="visitor.blocked")


def check_not_blocked(row: Contact) -> None:
    """Refuse a contact that is blocked, or was merged into one that is. Raises Forbidden.

    One read unit for a merged one.
    """
    current = store.current_contact(row.workspace_id, row.merged_into) if row.merged_into else row
    if row.blocked or (current is not None and current.blocked):
        raise blocked_problem()


def check_not_blocked_lately(visitor: Visitor) -> None:
    """Refuse whom this process blocked some seconds ago. No read. Raises Forbidden."""
    if is_blocked_lately(visitor.workspace_id, visitor.contact_id):
        raise blocked_problem()


def is_blocked_lately(workspace_id: str, contact_id: str) -> bool:
    """Whether this process blocked a contact some seconds ago. No read."""
    return _lately.get((workspace_id, contact_id), 0.0) > time.monotonic()


def remember(row: Contact) -> None:
    """Remember for some seconds that a contact was blocked, or forget that it was."""
    now = time.monotonic()
    with _lock:
        for each in [each for each, until in _lately.items() if until <= now]:
            del _lately[each]
        if row.blocked:
            _lately[(row.workspace_id, row.id)] = now + REMEMBERED_FOR
        else:
            _lately.pop((row.workspace_id, row.id), None)

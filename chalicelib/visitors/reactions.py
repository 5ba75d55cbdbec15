"""What visitors do when something happened to a contact."""

from __future__ import annotations

from chalicelib.contacts.events import ContactUpdated
from chalicelib.kit.events import Recorded
from chalicelib.visitors import service


def end_visits(recorded: Recorded) -> None:
    """Who is blocked isn't online any more."""
    event = recorded.event
    if isinstance(event, ContactUpdated) and event.blocked:
        service.end_visits(recorded.workspace_id, event.contact_id)

"""What contacts do when something happened: tell the dashboards."""

from __future__ import annotations

from chalicelib.contacts import service
from chalicelib.contacts.events import ContactCreated, ContactMerged, ContactUpdated
from chalicelib.contacts.frames import ContactPush
from chalicelib.edge.consume import react_first
from chalicelib.kit.events import Recorded
from chalicelib.realtime import service as realtime


def show_contact(recorded: Recorded) -> None:
    """Send a new or changed contact to every open dashboard of its workspace."""
    event = recorded.event
    if not isinstance(event, ContactCreated | ContactUpdated | ContactMerged):
        return
    contact = service.payload(recorded.workspace_id, event.contact_id)
    realtime.publish(
        recorded.workspace_id,
        ["conversations"],
        event.name,
        ContactPush(contact=contact),
        event_id=recorded.id,
        at=recorded.at,
    )


@react_first
def end_sockets(recorded: Recorded) -> None:
    """Close the sockets of a contact that was proved or blocked: who may comes again."""
    event = recorded.event
    if isinstance(event, ContactUpdated) and (event.proved or event.blocked):
        realtime.drop(recorded.workspace_id, f"contact/{event.contact_id}")

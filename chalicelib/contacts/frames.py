"""Frames about contacts: what the team is sent."""

from __future__ import annotations

from chalicelib.contacts.events import ContactCreated, ContactMerged, ContactUpdated
from chalicelib.contacts.schemas import ContactOut
from chalicelib.edge.frames import Push
from chalicelib.edge.wire import Output
from chalicelib.kit.actors import Operator


class ContactPush(Output):
    """A contact is new or changed."""

    contact: ContactOut


PUSHES = (
    Push(
        (ContactCreated.name, ContactUpdated.name, ContactMerged.name),
        (Operator,),
        ContactPush,
    ),
)

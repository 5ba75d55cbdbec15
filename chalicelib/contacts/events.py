"""Facts about contacts."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kit.events import Event


class ContactCreated(Event, frozen=True):
    """A contact was made: on a first message, a form, an identity, or by an operator."""

    name: ClassVar[str] = "contact.created"
    contact_id: str


class ContactUpdated(Event, frozen=True, kw_only=True):
    """Fields of a contact changed.

    `proved` says that it is known from now on who it is, `blocked` that nothing of it is taken.
    """

    name: ClassVar[str] = "contact.updated"
    contact_id: str
    proved: bool = False
    blocked: bool = False


class ContactMerged(Event, frozen=True):
    """A visitor proved to be a known contact: what was `merged_id`'s is now `contact_id`'s."""

    name: ClassVar[str] = "contact.merged"
    contact_id: str
    merged_id: str

"""Facts about conversations. They carry ids and what changed, not contents."""

from __future__ import annotations

from typing import ClassVar, Literal

from chalicelib.kit.events import Event


class ConversationEvent(Event, frozen=True):
    """A fact of one conversation, and of the contact whose it was at the time."""

    conversation_id: str
    contact_id: str


class ConversationCreated(ConversationEvent, frozen=True):
    """A conversation began with its first message."""

    name: ClassVar[str] = "conversation.created"


class ConversationOpened(ConversationEvent, frozen=True):
    """A snoozed or closed conversation is open again; `why` is customer, operator or clock."""

    name: ClassVar[str] = "conversation.opened"
    why: str


class ConversationClosed(ConversationEvent, frozen=True):
    """Somebody closed it."""

    name: ClassVar[str] = "conversation.closed"


class ConversationSnoozed(ConversationEvent, frozen=True):
    """Somebody put it off until an instant, or until the customer's next reply (None)."""

    name: ClassVar[str] = "conversation.snoozed"
    until: str | None


class ConversationAssigned(ConversationEvent, frozen=True):
    """It has another assignee, or none."""

    name: ClassVar[str] = "conversation.assigned"
    assignee_id: str | None
    assignee_name: str | None
    former_assignee_id: str | None = None


class ConversationUpdated(ConversationEvent, frozen=True):
    """Other fields changed (subject, priority, tags, the contact)."""

    name: ClassVar[str] = "conversation.updated"
    fields: tuple[str, ...]


class ContactPartFollowed(Event, frozen=True):
    """A contact's change reached as many of its conversations as one reaction looks at.

    It goes on with those that `held_by` has (the contact, or who it was) older than `before`.
    """

    name: ClassVar[str] = "contact.part_followed"
    contact_id: str
    held_by: str
    before: str


class MemberPartFollowed(Event, frozen=True):
    """A member's change reached as many of their conversations as one reaction looks at.

    It goes on with those older than `before`.
    """

    name: ClassVar[str] = "member.part_followed"
    user_id: str
    before: str


class MessageCreated(ConversationEvent, frozen=True):
    """A message was added; `key` finds it and `seq` orders it."""

    name: ClassVar[str] = "message.created"
    key: str
    seq: int


class MessageRead(ConversationEvent, frozen=True):
    """One side has read up to `seq`; `side` is customer or team."""

    name: ClassVar[str] = "message.read"
    side: Literal["customer", "team"]
    reader_id: str
    seq: int

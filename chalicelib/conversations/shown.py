"""Rows as their receivers see them: operators everything, customers no internals."""

from __future__ import annotations

from typing import overload

from chalicelib.conversations.rows import Change, Conversation, Message, reader_mark
from chalicelib.conversations.schemas import (
    ConversationContactOut,
    ConversationOut,
    ConversationTold,
    CustomerConversationOut,
    Delivery,
    FaceOut,
    LastMessageOut,
    MessageOut,
    PersonOut,
    TimelineEventOut,
    TimelineMessageOut,
)
from chalicelib.kit.actors import Author, AuthorType
from chalicelib.kit.instants import shown, shown_or_none

_TYPES: dict[str, AuthorType] = {"c": "contact", "o": "operator", "w": "workflow", "s": "system"}


@overload
def conversation(row: Conversation, reader_id: str) -> ConversationOut: ...


@overload
def conversation(row: Conversation, reader_id: None) -> ConversationTold: ...


def conversation(row: Conversation, reader_id: str | None) -> ConversationTold:
    """For operators; `reader_id` is whose unread count to tell, None for frames to many."""
    kind: type[ConversationTold] = ConversationTold if reader_id is None else ConversationOut
    return kind(
        id=row.id,
        contact=ConversationContactOut(
            id=row.contact_id,
            name=row.contact_name,
            email=row.contact_email or None,
            verified=row.contact_verified,
            blocked=row.contact_blocked,
        ),
        status=row.status,  # type: ignore[arg-type]  # one of domain.Status
        channel="widget",
        subject=row.subject,
        priority=row.priority,  # type: ignore[arg-type]  # one of schemas.Priority
        tags=sorted(row.tags or ()),
        assignee=PersonOut(id=row.assignee_id, name=row.assignee_name or "")
        if row.assignee_id
        else None,
        department_id=None,
        snoozed_until=shown_or_none(row.snoozed_until),
        snoozed_before=shown_or_none(row.snoozed_before),
        last_seq=int(row.seq),
        last_message=_last_message(row),
        unread=None if reader_id is None else unread_for(row, reader_id),
        customer_delivered_seq=int(row.customer_delivered_seq),
        customer_read_seq=int(row.customer_read_seq),
        team_read_seq=int(row.team_read_seq),
        waiting_since=shown_or_none(row.waiting_since),
        created_at=shown(row.created_at),
        last_activity_at=shown(row.last_activity_at),
        version=int(row.version),
    )


def customer_conversation(row: Conversation) -> CustomerConversationOut:
    """For the customer: a snoozed conversation simply looks open."""
    return CustomerConversationOut(
        id=row.id,
        status="closed" if row.status == "closed" else "open",
        last_seq=int(row.seq),
        last_message=_last_message(row),
        unread=max(0, int(row.seq) - int(row.customer_read_seq)),
        team_read_seq=int(row.team_read_seq),
        assignee=FaceOut(name=row.assignee_name or "") if row.assignee_id else None,
        created_at=shown(row.created_at),
        last_activity_at=shown(row.last_activity_at),
        version=int(row.version),
    )


def unread_for(row: Conversation, reader_id: str) -> int:
    """Messages of the customer that neither this operator has read nor anybody answered."""
    mark = int((row.read_by or {}).get(reader_mark(reader_id), 0))
    return max(0, int(row.seq) - max(mark, int(row.last_team_seq)))


def message(row: Message, of: Conversation) -> MessageOut:
    """A message, for either side."""
    return MessageOut(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=int(row.seq),
        author=author(row, of),
        text=row.text,
        attachments=[],
        client_id=row.key,
        created_at=row.created_at,
        delivery=_delivery(row, of),
    )


def author(row: Message, of: Conversation) -> Author:
    """Who wrote a message; the contact's id and name stand only in the conversation."""
    return _writer(row.author_type, row.author_id, row.author_name, of)


def timeline_message(row: Message, of: Conversation) -> TimelineMessageOut:
    """A message in the timeline."""
    told = message(row, of)
    return TimelineMessageOut(**{name: getattr(told, name) for name in told.__struct_fields__})


def timeline_event(row: Change) -> TimelineEventOut:
    """A change in the timeline."""
    return TimelineEventOut(
        id=row.id, name=row.name, actor=Author(**row.actor), at=row.at, data=dict(row.data or {})
    )


def _last_message(row: Conversation) -> LastMessageOut | None:
    if not row.seq:
        return None
    writer = _writer(row.last_author_type or "s", row.last_author_id, row.last_author_name, row)
    return LastMessageOut(
        seq=int(row.seq),
        author=writer,
        text=row.last_message_text or "",
        created_at=row.last_message_at or shown(row.last_activity_at),
    )


def _writer(code: str, author_id: str | None, name: str | None, of: Conversation) -> Author:
    if code == "c":
        return Author("contact", of.contact_id, of.contact_name)
    return Author(_TYPES[code], author_id or "", name or "")


def _delivery(row: Message, of: Conversation) -> Delivery:
    if row.author_type == "c":
        return "read" if row.seq <= of.team_read_seq else "delivered"
    if row.seq <= of.customer_read_seq:
        return "read"
    return "delivered" if row.seq <= of.customer_delivered_seq else "sent"

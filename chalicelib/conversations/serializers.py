"""Rows as their receivers see them: operators everything, customers no internals."""

from __future__ import annotations

from typing import overload

from chalicelib.conversations.rows import Change, Conversation, Message, reader_mark
from chalicelib.conversations.schemas import (
    ConversationContactOut,
    ConversationOut,
    CustomerConversationOut,
    Delivery,
    FaceOut,
    LastMessageOut,
    MessageOut,
    PersonOut,
    SharedConversationOut,
    TimelineEventOut,
    TimelineMessageOut,
)
from chalicelib.kit.actors import Author, AuthorType

_TYPES: dict[str, AuthorType] = {"c": "contact", "o": "operator", "w": "workflow", "s": "system"}


@overload
def conversation(row: Conversation, reader_id: str) -> ConversationOut: ...


@overload
def conversation(row: Conversation, reader_id: None) -> SharedConversationOut: ...


def conversation(row: Conversation, reader_id: str | None) -> SharedConversationOut:
    """For operators; `reader_id` is whose unread count to tell, None for frames to many."""
    data = row.data
    kind: type[SharedConversationOut] = (
        SharedConversationOut if reader_id is None else ConversationOut
    )
    return kind(
        id=row.id,
        contact=ConversationContactOut(
            id=row.contact_id,
            name=data.contact_name,
            email=data.contact_email or None,
            verified=data.contact_verified,
            blocked=data.contact_blocked,
        ),
        status=row.status,  # type: ignore[arg-type]  # one of domain.Status
        channel="widget",
        subject=data.subject,
        priority=data.priority,
        tags=sorted(data.tags),
        assignee=PersonOut(id=row.assignee_id, name=row.assignee_name or "")
        if row.assignee_id
        else None,
        department_id=None,
        snoozed_until=data.snoozed_until,
        snoozed_before=data.snoozed_before,
        last_seq=data.seq,
        last_message=_last_message(row),
        unread=None if reader_id is None else unread_for(row, reader_id),
        customer_delivered_seq=data.customer_delivered_seq,
        customer_read_seq=data.customer_read_seq,
        team_read_seq=data.team_read_seq,
        waiting_since=data.waiting_since,
        created_at=data.created_at,
        last_activity_at=row.last_activity_at,
        version=int(row.version),
    )


def customer_conversation(row: Conversation) -> CustomerConversationOut:
    """For the customer: a snoozed conversation simply looks open."""
    data = row.data
    return CustomerConversationOut(
        id=row.id,
        status="closed" if row.status == "closed" else "open",
        last_seq=data.seq,
        last_message=_last_message(row),
        unread=max(0, data.seq - data.customer_read_seq),
        team_read_seq=data.team_read_seq,
        assignee=FaceOut(name=row.assignee_name or "") if row.assignee_id else None,
        created_at=data.created_at,
        last_activity_at=row.last_activity_at,
        version=int(row.version),
    )


def unread_for(row: Conversation, reader_id: str) -> int:
    """Messages of the customer that neither this operator has read nor anybody answered."""
    data = row.data
    mark = data.read_by.get(reader_mark(reader_id), 0)
    return max(0, data.seq - max(mark, data.last_team_seq))


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
    out = message(row, of)
    return TimelineMessageOut(**{name: getattr(out, name) for name in out.__struct_fields__})


def timeline_event(row: Change) -> TimelineEventOut:
    """A change in the timeline."""
    return TimelineEventOut(
        id=row.id, name=row.name, actor=Author(**row.actor), at=row.at, data=dict(row.data or {})
    )


def _last_message(row: Conversation) -> LastMessageOut | None:
    data = row.data
    if not data.seq:
        return None
    writer = _writer(data.last_author_type or "s", data.last_author_id, data.last_author_name, row)
    return LastMessageOut(
        seq=data.seq,
        author=writer,
        text=data.last_message_text or "",
        created_at=data.last_message_at or row.last_activity_at,
    )


def _writer(code: str, author_id: str | None, name: str | None, of: Conversation) -> Author:
    if code == "c":
        return Author("contact", of.contact_id, of.data.contact_name)
    return Author(_TYPES[code], author_id or "", name or "")


def _delivery(row: Message, of: Conversation) -> Delivery:
    if row.author_type == "c":
        return "read" if row.seq <= of.data.team_read_seq else "delivered"
    if row.seq <= of.data.customer_read_seq:
        return "read"
    return "delivered" if row.seq <= of.data.customer_delivered_seq else "sent"

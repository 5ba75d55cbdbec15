"""Rows as their receivers see them: operators everything, customers no internals."""

from __future__ import annotations

from typing import overload

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
from chalicelib.conversations.store import Change, Conversation, Message, reader_mark
from chalicelib.kit.actors import Author
from chalicelib.kit.instants import shown, shown_or_none

_TYPES: dict[str, str] = {"c": "contact", "o": "operator", "w": "workflow", "s": "system"}


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
            id=row.con, name=row.cn, email=row.ce or None, verified=row.cv, blocked=row.cb
        ),
        status=row.st,  # type: ignore[arg-type]  # one of domain.Status
        channel="widget",
        subject=row.subj,
        priority=row.pri,  # type: ignore[arg-type]  # one of schemas.Priority
        tags=sorted(row.tags or ()),
        assignee=PersonOut(id=row.asg, name=row.asn or "") if row.asg else None,
        department_id=None,
        snoozed_until=shown_or_none(row.sn),
        snoozed_before=shown_or_none(row.snb),
        last_seq=int(row.seq),
        last_message=_last_message(row),
        unread=None if reader_id is None else unread_for(row, reader_id),
        customer_delivered_seq=int(row.cds),
        customer_read_seq=int(row.crs),
        team_read_seq=int(row.trs),
        waiting_since=shown_or_none(row.wait),
        created_at=shown(row.cr),
        last_activity_at=shown(row.act),
        version=int(row.v),
    )


def customer_conversation(row: Conversation) -> CustomerConversationOut:
    """For the customer: a snoozed conversation simply looks open."""
    return CustomerConversationOut(
        id=row.id,
        status="closed" if row.st == "closed" else "open",
        last_seq=int(row.seq),
        last_message=_last_message(row),
        unread=max(0, int(row.seq) - int(row.crs)),
        team_read_seq=int(row.trs),
        assignee=FaceOut(name=row.asn or "") if row.asg else None,
        created_at=shown(row.cr),
        last_activity_at=shown(row.act),
    )


def unread_for(row: Conversation, reader_id: str) -> int:
    """Messages of the customer that neither this operator has read nor anybody answered."""
    mark = int((row.rb or {}).get(reader_mark(reader_id), 0))
    return max(0, int(row.seq) - max(mark, int(row.lts)))


def message(row: Message, of: Conversation) -> MessageOut:
    """A message, for either side."""
    return MessageOut(
        id=row.id,
        conversation_id=row.cnv,
        seq=int(row.seq),
        author=author(row, of),
        text=row.tx,
        attachments=[],
        client_id=row.key,
        created_at=row.cr,
        delivery=_delivery(row, of),
    )


def author(row: Message, of: Conversation) -> Author:
    """Who wrote a message; the contact's id and name stand only in the conversation."""
    if row.at == "c":
        return Author("contact", of.con, of.cn)
    return Author(_TYPES[row.at], row.ai or "", row.an or "")  # type: ignore[arg-type]  # a type


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
    writer = (
        Author("contact", row.con, row.cn)
        if row.lt == "c"
        else Author(_TYPES[row.lt or "s"], row.li or "", row.ln or "")  # type: ignore[arg-type]  # a type
    )
    return LastMessageOut(
        seq=int(row.seq), author=writer, text=row.lx or "", created_at=row.la or shown(row.act)
    )


def _delivery(row: Message, of: Conversation) -> Delivery:
    if row.at == "c":
        return "read" if row.seq <= of.trs else "delivered"
    if row.seq <= of.crs:
        return "read"
    return "delivered" if row.seq <= of.cds else "sent"

"""Messages: begin a conversation, add to it. Part of the conversations service.

A message's key is the id that its client chose, so a resend meets the first one inside the same
transaction and is answered with it, for good and without a read. Adding to a conversation is two
round trips: read it, commit message, conversation and event.
"""

from __future__ import annotations

from typing import Any

from chalicelib.contacts import service as contacts
from chalicelib.contacts.service import ContactSummary
from chalicelib.conversations import domain, serializers
from chalicelib.conversations.access import customer_source, own_conversation
from chalicelib.conversations.domain import Assignee, Thread
from chalicelib.conversations.events import (
    ConversationAssigned,
    ConversationCreated,
    ConversationOpened,
    MessageCreated,
)
from chalicelib.conversations.resending import (
    AUTHOR_CODES,
    Resent,
    conversation_of_start,
    first_message,
    same_message,
    start_row,
)
from chalicelib.conversations.rows import (
    Conversation,
    ConversationData,
    Message,
    reader_mark,
)
from chalicelib.conversations.schemas import (
    ConversationOut,
    MessageOut,
    NewConversation,
    NewCustomerConversation,
    NewMessage,
    StartedOut,
)
from chalicelib.kit import instants, text
from chalicelib.kit.actors import Author, Context, Operator, Visitor
from chalicelib.kit.events import Event
from chalicelib.kit.ids import new_id
from chalicelib.platform.tables.commits import Write, commit, put_new, retry_on_conflict, save
from chalicelib.visitors import service as visitors
from chalicelib.workspaces import service as workspaces

READERS_KEPT = 12


def start_as_visitor(ctx: Context[Visitor], new: NewCustomerConversation) -> StartedOut:
    """Begin a conversation with its first message; the visitor becomes a contact if it wasn't.

    Raises:
        Conflict: The `client_id` was used with another text (`idempotency.mismatch`).
    """
    body = text.message("text", new.text)
    try:
        row, message = _start_with_message(ctx, new.client_id, body)
    except Resent as resent:
        row = conversation_of_start(ctx, resent, body)
        message = first_message(row, new.client_id)
    return StartedOut(
        conversation=serializers.customer_conversation(row),
        message=serializers.message(message, row),
    )


def send_as_visitor(ctx: Context[Visitor], conversation_id: str, new: NewMessage) -> MessageOut:
    """Add a customer's message, opening the conversation if it was closed or snoozed.

    Raises:
        Missing: None with this id, or it is another customer's.
        Conflict: The `client_id` was used with another text (`idempotency.mismatch`).
    """
    body = text.message("text", new.text)
    try:
        return _add_from_customer(ctx, conversation_id, new.client_id, body)
    except Resent as resent:
        return same_message(resent, own_conversation(ctx, conversation_id), "contact", body)


def send_as_operator(ctx: Context[Operator], conversation_id: str, new: NewMessage) -> MessageOut:
    """Add an operator's message; an unassigned conversation becomes the replier's, if so set.

    Raises:
        Missing: None with this id in the workspace.
        Conflict: The `client_id` was used with another text (`idempotency.mismatch`).
    """
    body = text.message("text", new.text)
    try:
        return _add_from_operator(ctx, conversation_id, new.client_id, body)
    except Resent as resent:
        return same_message(resent, own_conversation(ctx, conversation_id), "operator", body)


@retry_on_conflict
def start_as_operator(ctx: Context[Operator], new: NewConversation) -> ConversationOut:
    """Begin a conversation with a contact, with a first message or for now without.

    Raises:
        Missing: No such contact.
        Conflict: The `client_id` was used with another text.
    """
    contact = contacts.get_summary(ctx.workspace_id, new.contact_id)
    client_id = new.client_id or new_id("msg")
    return _start_for(ctx, contact, [], [], new.text, client_id, whom=new.contact_id)


@retry_on_conflict
def start_with_visitor(
    ctx: Context[Operator], visitor: visitors.Recipient, body: str, client_id: str
) -> ConversationOut:
    """Begin a conversation with a visitor who is online, making its contact if need be.

    Raises:
        Conflict: The `client_id` was used with another text.
    """
    contact, writes, events = contacts.ensure_contact(ctx, visitor.newcomer)
    return _start_for(
        ctx, contact, writes, events, body, client_id, whom=visitor.id, visitor_id=visitor.id
    )


def _start_for(
    ctx: Context[Operator],
    contact: ContactSummary,
    writes: list[Write],
    events: list[Event],
    body: str | None,
    client_id: str,
    *,
    whom: str,
    visitor_id: str | None = None,
) -> ConversationOut:
    """A conversation that we begin with `contact`, asked for as `whom`: it is the writer's."""
    cleaned = "" if body is None else text.message("text", body)
    row = _new_row(ctx, contact, visitor_id)
    row.apply(Thread(assignee=Assignee(ctx.actor.id, ctx.actor.name)))
    start = start_row(f"{ctx.actor.id}#{whom}", client_id, row.id, cleaned)
    events = [*events, _created_event(row)]
    if cleaned:
        message = _append(row, ctx, ctx.author, cleaned, client_id)
        writes, events = [*writes, put_new(message)], [*events, _message_event(row, message)]
    try:
        commit(start, *writes, put_new(row), events=events, by=ctx.source())
    except Resent as resent:
        row = conversation_of_start(ctx, resent, cleaned)
    return serializers.conversation(row, ctx.actor.id)


@retry_on_conflict
def _start_with_message(
    ctx: Context[Visitor], client_id: str, body: str
) -> tuple[Conversation, Message]:
    visitor = ctx.actor
    contact, writes, events = contacts.ensure_contact(ctx, contacts.Newcomer.of(visitor))
    row = _new_row(ctx, contact, visitor.id)
    row.apply(domain.hear_customer(Thread(), ctx.now))
    message = _append(row, ctx, contact.author, body, client_id)
    commit(
        start_row(visitor.id, client_id, row.id, body),
        *writes,
        put_new(message),
        put_new(row),
        events=[*events, _created_event(row), _message_event(row, message)],
        by=customer_source(ctx, row),
    )
    return row, message


@retry_on_conflict
def _add_from_customer(
    ctx: Context[Visitor], conversation_id: str, client_id: str, body: str
) -> MessageOut:
    row = own_conversation(ctx, conversation_id)
    before = row.thread()
    after = domain.hear_customer(before, ctx.now)
    row.apply(after)
    author = Author("contact", row.contact_id, row.data.contact_name)
    message = _append(row, ctx, author, body, client_id)
    events: list[Event] = [_message_event(row, message)]
    if before.status is not after.status:
        events.append(ConversationOpened(**row.ids, why="customer"))
    commit(
        put_new(message, on_conflict=Resent),
        save(row),
        events=events,
        by=customer_source(ctx, row),
    )
    return serializers.message(message, row)


@retry_on_conflict
def _add_from_operator(
    ctx: Context[Operator], conversation_id: str, client_id: str, body: str
) -> MessageOut:
    row = own_conversation(ctx, conversation_id)
    before = row.thread()
    me = Assignee(ctx.actor.id, ctx.actor.name)
    settings = workspaces.settings(ctx.workspace_id)
    after = domain.reply(before, me, assign_on_reply=settings.assign_on_reply)
    row.apply(after)
    message = _append(row, ctx, ctx.author, body, client_id)
    events: list[Event] = [_message_event(row, message)]
    if after.assignee != before.assignee:
        events.append(ConversationAssigned(**row.ids, assignee_id=me.id, assignee_name=me.name))
    commit(put_new(message, on_conflict=Resent), save(row), events=events, by=ctx.source())
    return serializers.message(message, row)


def _append(
    row: Conversation, ctx: Context[Any], author: Author, body: str, client_id: str
) -> Message:
    """The next message of a conversation, whose row moves on with it."""
    data, code, at = row.data, AUTHOR_CODES[author.type], instants.to_text(ctx.now)
    ours = author.type != "contact"
    data.seq += 1
    row.last_activity_at = max(at, row.last_activity_at)
    data.last_author_type, data.last_message_at = code, at
    data.last_message_text = text.preview(body)
    data.last_author_id, data.last_author_name = (author.id, author.name) if ours else (None, None)
    if ours:
        data.team_read_seq = data.last_team_seq = data.seq
        mark = reader_mark(author.id)
        data.read_by = domain.read_on(data.read_by, mark, data.seq, limit=READERS_KEPT)
    else:
        data.customer_delivered_seq = data.customer_read_seq = data.seq
    return Message(
        conversation_id=row.id,
        key=client_id,
        seq=data.seq,
        id=new_id("msg"),
        author_type=code,
        author_id=data.last_author_id,
        author_name=data.last_author_name,
        text=body,
        created_at=at,
    )


def _new_row(ctx: Context[Any], contact: ContactSummary, visitor_id: str | None) -> Conversation:
    return Conversation(
        workspace_id=ctx.workspace_id,
        id=new_id("cnv"),
        last_activity_at=instants.to_text(ctx.now),
        contact_id=contact.id,
        data=ConversationData(
            created_at=instants.to_text(ctx.now),
            contact_name=contact.name,
            contact_email=contact.email,
            contact_verified=contact.verified,
            contact_blocked=contact.blocked,
            visitor_id=visitor_id,
        ),
    )


def _created_event(row: Conversation) -> ConversationCreated:
    return ConversationCreated(**row.ids)


def _message_event(row: Conversation, message: Message) -> MessageCreated:
    return MessageCreated(**row.ids, key=message.key, seq=int(message.seq))

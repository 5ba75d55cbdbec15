"""Open, close, snooze, assign, read. Part of the conversations service.

Each change is one read and one transaction with its event; nothing is written when nothing
changes, so doing a thing twice is doing it once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chalicelib.auth import service as auth
from chalicelib.contacts import service as contacts
from chalicelib.conversations import domain, serializers, store
from chalicelib.conversations.access import customer_source, own_conversation
from chalicelib.conversations.domain import Assignee, Status, Thread
from chalicelib.conversations.events import (
    ConversationAssigned,
    ConversationClosed,
    ConversationOpened,
    ConversationSnoozed,
    ConversationUpdated,
    MessageRead,
)
from chalicelib.conversations.rows import Conversation, reader_mark
from chalicelib.conversations.schemas import TAG_LENGTH, ConversationOut, ConversationPatch
from chalicelib.conversations.waking import WAKE
from chalicelib.conversations.writing import READERS_KEPT
from chalicelib.kit import instants, text
from chalicelib.kit.actors import Context, Operator, Source, Visitor
from chalicelib.kit.events import Event
from chalicelib.kit.problems import Conflict, Stale, invalid
from chalicelib.platform.tables import due
from chalicelib.platform.tables.commits import commit, retry_on_conflict, save

LONGEST_SNOOZE = timedelta(days=366)
_PATCHED = ("subject", "priority", "tags")

Decide = Callable[[Conversation, Thread], tuple[Thread, Event]]


def open_again(ctx: Context[Operator], conversation_id: str) -> ConversationOut:
    """Open a conversation. Raises Missing, Stale."""
    return change(ctx, conversation_id, opening)


def close(ctx: Context[Operator], conversation_id: str) -> ConversationOut:
    """Close a conversation. Raises Missing, Stale."""
    return change(ctx, conversation_id, closing)


def snooze(ctx: Context[Operator], conversation_id: str, until: str | None) -> ConversationOut:
    """Put a conversation off until an instant, or until the customer's next reply (None).

    Raises:
        Missing, Stale.
        Invalid: Not an instant, in the past, or more than a year away.
    """
    return change(ctx, conversation_id, snoozing(ctx, until))


def assign(
    ctx: Context[Operator], conversation_id: str, assignee_id: str | None
) -> ConversationOut:
    """Make somebody responsible, or nobody (None).

    Raises:
        Missing: No such conversation.
        Invalid: No such member of the team.
        Stale: `If-Match` named an older version.
    """
    return change(ctx, conversation_id, assigning(ctx, assignee_id))


def claim(ctx: Context[Operator], conversation_id: str) -> ConversationOut:
    """Take an unassigned conversation; of two who claim at once one wins.

    Raises:
        Missing: No such conversation.
        Conflict: Somebody else has it (`conversation.claimed`); the text says who.
    """
    me = Assignee(ctx.actor.id, ctx.actor.name)
    taking = _assigning(me)

    def decide(row: Conversation, thread: Thread) -> tuple[Thread, Event]:
        if thread.assignee is not None and thread.assignee.id != me.id:
            raise Conflict(f"{thread.assignee.name} has it", code="conversation.claimed")
        return taking(row, thread)

    return change(ctx, conversation_id, decide)


@retry_on_conflict
def change(ctx: Context[Operator], conversation_id: str, decide: Decide) -> ConversationOut:
    """Let `decide` say what becomes of a conversation and what to tell. Raises Missing, Stale."""
    row = _current(ctx, conversation_id)
    before = row.thread()
    after, event = decide(row, before)
    if after != before:
        row.apply(after)
        until = after.snoozed_until
        waking = (due.at(until, WAKE, row.workspace_id, row.id),) if until else ()
        commit(save(row), *waking, events=[event], by=ctx.source())
    return serializers.conversation(row, ctx.actor.id)


@retry_on_conflict
def follow_assignee(workspace_id: str, conversation_id: str, *, by: Source) -> None:
    """Bring a conversation's copy of its assignee up to date: the name, or that they have left.

    What is closed keeps whoever had it. The member is read after the conversation, so of two who
    do this at once the later one is right.
    """
    row = store.conversation(workspace_id, conversation_id)
    before = row.thread() if row is not None else Thread()
    if row is None or before.assignee is None:
        return
    colleague = auth.find_colleague(workspace_id, before.assignee.id)
    if colleague is None and before.status is Status.CLOSED:
        return
    after = domain.assign(before, Assignee(colleague.id, colleague.name) if colleague else None)
    if after == before:
        return
    row.apply(after)
    event: Event = ConversationUpdated(**row.ids, fields=("assignee",))
    if colleague is None:
        event = ConversationAssigned(
            **row.ids,
            assignee_id=None,
            assignee_name=None,
            former_assignee_id=before.assignee.id,
        )
    commit(save(row), events=[event], by=by)


def opening(row: Conversation, thread: Thread) -> tuple[Thread, Event]:
    """It is taken up again."""
    return domain.reopen(thread), ConversationOpened(**row.ids, why="operator")


def closing(row: Conversation, thread: Thread) -> tuple[Thread, Event]:
    """It is done."""
    return domain.close(thread), ConversationClosed(**row.ids)


def snoozing(ctx: Context[Operator], until: str | None) -> Decide:
    """It is put off. Raises Invalid as `snooze` does."""
    when = _future(until, ctx.now)

    def decide(row: Conversation, thread: Thread) -> tuple[Thread, Event]:
        text = instants.to_text_or_none(when)
        return domain.snooze(thread, when), ConversationSnoozed(**row.ids, until=text)

    return decide


def assigning(ctx: Context[Operator], assignee_id: str | None) -> Decide:
    """It is somebody's, or nobody's. One read unit for somebody. Raises Invalid."""
    return _assigning(_member(ctx, assignee_id) if assignee_id else None)


@retry_on_conflict
def update(
    ctx: Context[Operator], conversation_id: str, patch: ConversationPatch
) -> ConversationOut:
    """Change subject, priority or tags. Raises Missing, Stale, Invalid."""
    row = _current(ctx, conversation_id)
    data, before = row.data, msgspec.structs.replace(row.data)
    if isinstance(patch.subject, str | None):
        subject = text.one_line("subject", patch.subject or "", limit=200, required=False)
        data.subject = subject or None
    if isinstance(patch.priority, str | None):
        data.priority = patch.priority
    if isinstance(patch.tags, list):
        data.tags = tuple(
            sorted({text.one_line("tags", tag, limit=TAG_LENGTH) for tag in patch.tags})
        )
    fields = [name for name in _PATCHED if getattr(data, name) != getattr(before, name)]
    if fields:
        event = ConversationUpdated(**row.ids, fields=tuple(fields))
        commit(save(row), events=[event], by=ctx.source())
    return serializers.conversation(row, ctx.actor.id)


@retry_on_conflict
def read_as_operator(ctx: Context[Operator], conversation_id: str, seq: int) -> None:
    """Note how far an operator has read, once. Raises Missing, Stale."""
    row = _current(ctx, conversation_id)
    upto, mine = min(seq, row.data.seq), reader_mark(ctx.actor.id)
    if upto <= int(row.data.read_by.get(mine, 0)):
        return
    row.data.read_by = domain.read_on(row.data.read_by, mine, upto, limit=READERS_KEPT)
    row.data.team_read_seq = max(upto, row.data.team_read_seq)
    event = MessageRead(**row.ids, side="team", reader_id=ctx.actor.id, seq=upto)
    commit(save(row), events=[event], by=ctx.source())


@retry_on_conflict
def read_as_visitor(ctx: Context[Visitor], conversation_id: str, seq: int) -> None:
    """Note how far the customer has read, once. Raises Missing, Stale."""
    row = _current(ctx, conversation_id)
    upto = min(seq, row.data.seq)
    if upto <= row.data.customer_read_seq:
        return
    row.data.customer_read_seq = upto
    row.data.customer_delivered_seq = max(upto, row.data.customer_delivered_seq)
    event = MessageRead(**row.ids, side="customer", reader_id=row.contact_id, seq=upto)
    commit(save(row), events=[event], by=customer_source(ctx, row))


@retry_on_conflict
def follow_contact(workspace_id: str, conversation_id: str, *, by: Source) -> None:
    """Bring a conversation's copy of what it keeps of its contact up to date.

    Two read units, three where the contact was merged into another; it may be repeated.
    """
    row = store.conversation(workspace_id, conversation_id)
    contact = contacts.find_summary(workspace_id, row.contact_id) if row else None
    if row is None or contact is None:
        return
    new = (contact.id, contact.name, contact.email, contact.verified, contact.blocked)
    if row.contact == new:
        return
    row.contact = new
    event = ConversationUpdated(**row.ids, fields=("contact",))
    commit(save(row), events=[event], by=by)


def _current(ctx: Context[Any], conversation_id: str) -> Conversation:
    row = own_conversation(ctx, conversation_id)
    if ctx.if_match is not None and ctx.if_match != row.version:
        raise Stale("The conversation has changed; load it again")
    return row


def _assigning(assignee: Assignee | None) -> Decide:
    def decide(row: Conversation, thread: Thread) -> tuple[Thread, Event]:
        return domain.assign(thread, assignee), ConversationAssigned(
            **row.ids,
            assignee_id=assignee.id if assignee else None,
            assignee_name=assignee.name if assignee else None,
            former_assignee_id=thread.assignee.id if thread.assignee else None,
        )

    return decide


def _member(ctx: Context[Operator], user_id: str) -> Assignee:
    try:
        member = auth.get_colleague(ctx.workspace_id, user_id)
    except auth.NoMember as error:
        raise invalid("assignee_id", "is nobody of this workspace") from error
    return Assignee(member.id, member.name)


def _future(until: str | None, now: datetime) -> datetime | None:
    if until is None:
        return None
    try:
        when = instants.from_text(until)
    except (ValueError, OverflowError) as error:
        raise invalid("until", "is not an instant such as 2026-01-31T09:30:00Z") from error
    when = when.replace(microsecond=when.microsecond // 1000 * 1000)
    if when <= now:
        raise invalid("until", "must be in the future")
    if when > now + LONGEST_SNOOZE:
        raise invalid("until", "must be within a year")
    return when

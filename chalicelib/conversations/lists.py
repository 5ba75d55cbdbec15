"""Lists of conversations, messages and changes. Part of the conversations service.

Which index a list reads (each a single query for its first page but for `status=all`):

    a status, anybody            by_activity
    me or nobody, not closed     by_assignee whole if it is short, else by_activity, filtered
    a contact                    by_contact, then the rows
    sort=waiting                 the open part of by_activity, at most `WINDOW` rows, sorted here
    sort=created, all statuses   the table itself, newest first

Positions in cursors are values (instant and id), so a cursor works on whichever index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from heapq import merge
from itertools import islice
from typing import Any

from chalicelib.conversations import serializers, store
from chalicelib.conversations.access import check_identity, own_conversation
from chalicelib.conversations.domain import NOBODY
from chalicelib.conversations.rows import Conversation, assignee_key, status_key
from chalicelib.conversations.schemas import (
    ConversationOut,
    ConversationQuery,
    CustomerConversationOut,
    MessageOut,
    MessageQuery,
)
from chalicelib.edge.pages import Page, PageQuery
from chalicelib.kit import instants
from chalicelib.kit.actors import Context, Operator, Visitor
from chalicelib.kit.ids import id_at
from chalicelib.platform.tables import cursors
from chalicelib.platform.tables.paging import WINDOW, page_of

SHORT_QUEUE = 60
"""Rows of a queue that is read whole: at most four read units."""

Rows = list[Conversation]
IdsPage = tuple[list[str], str | None]
Place = Callable[[Conversation], tuple[str, str]]


def list_conversations(ctx: Context[Operator], query: ConversationQuery) -> Page[ConversationOut]:
    """A page of conversations. Raises Invalid for a cursor of another list."""
    assignee = ctx.actor.id if query.assignee == "me" else query.assignee
    scope = (
        ctx.workspace_id, "conversations", query.status, assignee or "", query.contact or "",
        query.tag or "", query.sort,
    )  # fmt: skip
    after = _position(query.cursor, scope)
    rows = _rows(ctx.workspace_id, query, assignee, after)
    page, last = page_of(rows, query.limit, lambda row: _matches(row, query, assignee))
    return Page(
        data=[serializers.conversation(row, ctx.actor.id) for row in page],
        next_cursor=_cursor(last, _place(query.sort), scope) if last else None,
    )


def list_as_visitor(ctx: Context[Visitor], query: PageQuery) -> Page[CustomerConversationOut]:
    """The caller's own conversations, last active first (at most the 100 newest).

    Raises:
        Unauthenticated: The caller's browser proved to be somebody since the session began.
    """
    rows = _contact_rows(ctx.workspace_id, ctx.actor.contact_id)
    for row in rows:
        check_identity(ctx, row)
    scope = (ctx.workspace_id, "own conversations", ctx.actor.contact_id)
    after = _position(query.cursor, scope)
    rest = [row for row in rows if after is None or _activity_key(row) < after]
    page = rest[: query.limit]
    return Page(
        data=[serializers.customer_conversation(row) for row in page],
        next_cursor=_cursor(page[-1], _activity_key, scope) if len(rest) > len(page) else None,
    )


def count_unread(workspace_id: str, contact_id: str) -> int:
    """How many messages wait for a customer. One query, and a batch get if there are any."""
    rows = _contact_rows(workspace_id, contact_id)
    return sum(max(0, row.data.seq - row.data.customer_read_seq) for row in rows)


def list_ids_of_contact(workspace_id: str, contact_id: str, before: str | None) -> IdsPage:
    """Ids of a contact's conversations (before `before`), and where to go on (None at the end).

    The index may not know yet what was begun a moment ago: of the last minutes the table is asked.
    """
    older = Conversation.id < before if before else None
    rows = Conversation.by_contact.query(contact_id, older, scan_index_forward=False, limit=WINDOW)
    ids = [row.id for row in rows if row.workspace_id == workspace_id]
    rest = ids[-1] if len(ids) == WINDOW else None
    if before:
        return ids, rest
    since = Conversation.id > id_at("cnv", instants.now() - timedelta(minutes=5))
    own = Conversation.contact_id == contact_id
    lately = Conversation.query(workspace_id, since, own, consistent_read=True)
    return list(dict.fromkeys([*(row.id for row in lately), *ids])), rest


def list_messages(ctx: Context[Any], conversation_id: str, query: MessageQuery) -> Page[MessageOut]:
    """Messages in `seq` order: after or before a seq, or the newest page.

    Raises:
        Missing: No such conversation for the caller.
    """
    row = own_conversation(ctx, conversation_id)
    if query.after_seq is not None:
        messages = store.messages_after(row.id, query.after_seq, query.limit)
    else:
        messages = store.newest_messages(row, query.before_seq, query.limit)
    return Page(data=[serializers.message(message, row) for message in messages])


def _rows(
    workspace_id: str, query: ConversationQuery, assignee: str | None, after: Any
) -> Iterable[Conversation]:
    """Rows in the order asked for, from a place on; not all of them need be asked for."""
    if query.contact:
        return _sort_after(_contact_rows(workspace_id, query.contact), query.sort, after)
    if query.sort == "waiting":
        active = islice(_active(workspace_id, "open", None, 500), WINDOW)
        return _sort_after([row for row in active if row.data.waiting_since], "waiting", after)
    if query.sort == "created":
        return _list_by_creation(workspace_id, after)
    if assignee and query.status in ("open", "snoozed"):
        key = assignee_key(workspace_id, assignee)
        queue = list(Conversation.by_assignee.query(key, limit=SHORT_QUEUE + 1))
        if len(queue) <= SHORT_QUEUE:
            return _sort_after(queue, query.sort, after)
    statuses = ("open", "snoozed", "closed") if query.status == "all" else (query.status,)
    parts = [
        _active(workspace_id, status, after, _page_size(query, assignee)) for status in statuses
    ]
    return parts[0] if len(parts) == 1 else merge(*parts, key=_activity_key, reverse=True)


def _page_size(query: ConversationQuery, assignee: str | None) -> int:
    """How many rows to read at once, so that they hold a page of what is asked for.

    Who has a long queue has most of what is open, if it is nobody's; a small part, if it is mine.
    """
    if query.tag is None and assignee is None:
        return query.limit + 1
    if query.tag is None and assignee == NOBODY:
        return 2 * query.limit + 1
    return 200


def _active(workspace_id: str, status: str, after: Any, size: int) -> Iterator[Conversation]:
    """One status, last active first, from a place on; `size` rows a query."""
    key = status_key(workspace_id, status)
    start = None
    if after is not None:
        start = {
            "st_key": {"S": key},
            "act": {"S": after[0]},
            "ws": {"S": workspace_id},
            "id": {"S": after[1]},
        }
    return iter(
        Conversation.by_activity.query(
            key, scan_index_forward=False, page_size=size, last_evaluated_key=start
        )
    )


def _list_by_creation(workspace_id: str, after: Any) -> Iterator[Conversation]:
    condition = Conversation.id < after[1] if after else None
    rows = Conversation.query(workspace_id, condition, scan_index_forward=False, page_size=100)
    return iter(rows)


def _contact_rows(workspace_id: str, contact_id: str) -> Rows:
    keys = [
        (row.workspace_id, row.id)
        for row in Conversation.by_contact.query(contact_id, scan_index_forward=False, limit=100)
        if row.workspace_id == workspace_id
    ]
    if not keys:
        return []
    rows = Conversation.batch_get(keys, consistent_read=True)
    return sorted(rows, key=_activity_key, reverse=True)


def _matches(row: Conversation, query: ConversationQuery, assignee: str | None) -> bool:
    return (
        query.status in ("all", row.status)
        and assignee in (None, row.assignee_id or NOBODY)
        and (query.tag is None or query.tag in row.data.tags)
    )


def _sort_after(rows: Rows, sort: str, after: Any) -> Iterator[Conversation]:
    place, backwards = _place(sort), sort != "waiting"
    ordered = sorted(rows, key=place, reverse=backwards)
    if after is None:
        return iter(ordered)
    return (row for row in ordered if (place(row) < after if backwards else place(row) > after))


def _place(sort: str) -> Place:
    return {"last_activity": _activity_key, "waiting": _waiting_key, "created": _creation_key}[sort]


def _activity_key(row: Conversation) -> tuple[str, str]:
    return row.last_activity_at, row.id


def _waiting_key(row: Conversation) -> tuple[str, str]:
    return row.data.waiting_since or row.last_activity_at, row.id


def _creation_key(row: Conversation) -> tuple[str, str]:
    return row.data.created_at, row.id


def _cursor(row: Conversation, place: Place, scope: tuple[str, ...]) -> str:
    return cursors.seal(list(place(row)), *scope)


def _position(cursor: str | None, scope: tuple[str, ...]) -> tuple[str, str] | None:
    if cursor is None:
        return None
    instant, row_id = cursors.unseal(cursor, *scope)
    return instant, row_id

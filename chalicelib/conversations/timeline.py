"""A conversation's timeline: entries of several kinds, merged by time, with one cursor.

Messages and changes are kinds of this module's own. Modules above add theirs (a comment, a ticket,
a rating) by an `EntryKind` in `wiring.TIMELINE`, without this module knowing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import merge
from itertools import islice, zip_longest
from operator import or_
from typing import Any, Protocol, cast

import msgspec

from chalicelib.conversations import serializers, store
from chalicelib.conversations.access import own_conversation
from chalicelib.conversations.rows import Conversation
from chalicelib.conversations.schemas import TimelineEventOut, TimelineMessageOut, TimelineQuery
from chalicelib.edge.pages import Page
from chalicelib.edge.wire import Output
from chalicelib.kit.actors import Context, Operator
from chalicelib.platform.tables import cursors

Position = int | str
"""Where an entry stands among those of its kind: a list goes on before it."""


class InTimeline(Protocol):
    """As much of a conversation as a kind of another module may ask."""

    id: Any
    workspace_id: Any
    contact_id: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: when (`instants.to_text`), its position, and as it goes out."""

    at: str
    position: Position
    out: Output


Newest = Callable[[Context[Operator], Conversation, Position | None, int], tuple[list[Entry], bool]]


@dataclass(frozen=True, slots=True)
class EntryKind:
    """A kind of entries.

    `newest` answers the last entries before a position (None: the last of all), newest first and
    at most so many, and whether there are older ones. It shows only what the caller may see. Its
    second argument is the conversation, of which others may ask what `InTimeline` says.
    `shape` is how an entry goes out: an Output with the tag field `kind`.
    """

    shape: type[Output]
    newest: Newest


_kinds: list[EntryKind] = []
_page_shapes: dict[tuple[type[Output], ...], type[Page[Any]]] = {}


def register(kinds: Sequence[EntryKind]) -> None:
    """Use these kinds, in this order, which decides among entries of the same millisecond.

    A cursor counts on the order: new kinds go to the end.
    """
    _kinds[:] = kinds


def page_shape() -> type[Page[Any]]:
    """The shape of a page: `data` holds any of the registered kinds."""
    shapes = tuple(kind.shape for kind in _kinds)
    if shapes not in _page_shapes:
        entries: Any = reduce(or_, shapes)
        struct = msgspec.defstruct(
            "TimelinePage",
            [("data", list[entries]), ("next_cursor", str | None, None)],
            bases=(Page,),
            kw_only=True,
            namespace={"__doc__": _ABOUT_PAGES},
        )
        _page_shapes[shapes] = cast(type[Page[Any]], struct)
    return _page_shapes[shapes]


_ABOUT_PAGES = "A page of the timeline, oldest first; `next_cursor` leads to what is older."


def get_timeline(
    ctx: Context[Operator], conversation_id: str, query: TimelineQuery
) -> Page[Output]:
    """All kinds of entries by time, oldest first in a page; the cursor leads back.

    Raises:
        Missing: No such conversation.
        Invalid: Not a cursor of this timeline.
    """
    row = own_conversation(ctx, conversation_id)
    scope = (ctx.workspace_id, "timeline", conversation_id)
    opened: list[Position | None] = cursors.unseal(query.cursor, *scope) if query.cursor else []
    before = [place for _, place in zip_longest(_kinds, opened[: len(_kinds)])]
    batches = [
        kind.newest(ctx, row, place, query.limit)
        for kind, place in zip(_kinds, before, strict=True)
    ]
    page = list(islice(_merge([entries for entries, _ in batches]), query.limit))
    for rank, entry in page:
        before[rank] = entry.position
    more = any(older for _, older in batches) or sum(len(each) for each, _ in batches) > len(page)
    return Page(
        data=[entry.out for _, entry in reversed(page)],
        next_cursor=cursors.seal(before, *scope) if more and page else None,
    )


def _merge(entries: Sequence[Sequence[Entry]]) -> Iterator[tuple[int, Entry]]:
    """Newest first, with the rank of each one's kind.

    Each kind keeps its own order, which a clock that is slow need not agree with: so a cursor into
    all of them neither skips nor repeats. Of the same millisecond the first kind is the oldest: a
    message may have caused a change.
    """
    ranked = ([(rank, entry) for entry in each] for rank, each in enumerate(entries))
    return merge(*ranked, key=lambda each: (each[1].at, each[0]), reverse=True)


def _newest_messages(
    ctx: Context[Operator], row: Conversation, before: Position | None, limit: int
) -> tuple[list[Entry], bool]:
    del ctx
    messages = store.newest_messages(row, None if before is None else int(before), limit)
    entries = [
        Entry(each.created_at, int(each.seq), serializers.timeline_message(each, row))
        for each in reversed(messages)
    ]
    return entries, bool(messages) and messages[0].seq > 1


def _newest_changes(
    ctx: Context[Operator], row: Conversation, before: Position | None, limit: int
) -> tuple[list[Entry], bool]:
    del ctx
    changes = store.changes_before(row.id, None if before is None else str(before), limit)
    entries = [Entry(each.at, each.id, serializers.timeline_event(each)) for each in changes]
    return entries, len(changes) == limit


MESSAGES = EntryKind(TimelineMessageOut, _newest_messages)
CHANGES = EntryKind(TimelineEventOut, _newest_changes)

"""Reactions that failed, kept until they succeed.

| question                             | asked of | key                                          |
|--------------------------------------|----------|----------------------------------------------|
| which lanes have something waiting   | parked   | shelf = "waiting", first id behind a place   |
| what is due in a lane, longest first | parked   | shelf = "waiting", id "<lane>#<due>#…"       |
| what was given up, by event          | parked   | shelf = "given_up", id "<event>#<reaction>"  |

A lane is one reaction in one workspace, so that what fails in one keeps nothing else waiting,
however much there is of it. A row holds the event as the outbox had it, so that it can be replayed
after the outbox's own row has expired. Nothing here expires: somebody has to look, and an alarm
says so (`overdue`). Every move is one transaction: a row is on one shelf, at one place.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib.kit import instants
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.commits import Raced, commit, remove, save
from chalicelib.platform.tables.outbox import OutboxRow
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute
from chalicelib.platform.transport.errors import is_failed_condition

WAITING = "waiting"
GIVEN_UP = "given_up"
TRIES = 15
"""A day's worth: 1, 2, 4 … 128 minutes and then three hours, seven times, are 25 hours."""
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=3)
OVERDUE = timedelta(hours=1)
COUNTED = 500
_LONGEST_MESSAGE = 1000


class Parked(Model):
    """`since` is when it failed first, `tries` how often it was tried again."""

    class Meta:
        table_name = table_name("parked")

    shelf = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    subscriber = UnicodeAttribute()
    event_id = UnicodeAttribute()
    workspace_id = UnicodeAttribute()
    name = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    data = UnicodeAttribute()
    error = UnicodeAttribute(default="")
    since = UnicodeAttribute(default="")
    tries = NumberAttribute(default=0)


def wait_before(tries: int) -> timedelta:
    """How long a reaction rests that was tried again so often, up to a tenth more at random."""
    return min(timedelta(minutes=2**tries), _LONGEST) * random.uniform(1.0, 1.1)


def park(row: OutboxRow, subscriber: str, now: datetime, error: str = "") -> None:
    """Keep a reaction to an event: one write per kilobyte.

    Its first place follows from the event, so one that the stream brings twice is parked once.
    """
    due = instants.from_text(row.at) + _FIRST
    place = _place(subscriber, row.workspace_id, due, row.id)
    _shelf_row(WAITING, place, row, subscriber, now, error).save()


def give_up(row: OutboxRow, subscriber: str, error: str) -> None:
    """Keep a reaction that was tried elsewhere, and isn't tried again before somebody looks."""
    place = _given_up_place(row.id, subscriber)
    _shelf_row(GIVEN_UP, place, row, subscriber, instants.now(), error).save()


def anything_waits() -> bool:
    """Half a read unit while nothing does."""
    return _first("", "~") is not None


def lanes() -> Iterator[str]:
    """Every lane with something waiting, once, beginning anywhere. Half a read unit for each."""
    begin = f"{random.getrandbits(32):08x}"
    for place, last in ((begin, "~"), ("", begin)):
        while (row := _first(place, last)) is not None:
            lane = row.id.partition("#")[0]
            yield lane
            place = f"{lane}#~"


def due(lane: str, now: datetime, limit: int) -> list[Parked]:
    """What is due in a lane, the longest due first."""
    until = Parked.id.between(f"{lane}#", f"{lane}#{instants.to_text(now)}~")
    return list(Parked.query(WAITING, until, limit=limit, consistent_read=True))


def take(row: Parked, now: datetime) -> Parked | None:
    """Count a try before it is made and let the row rest, so what dies of it doesn't stay first.

    The row as it is now; None when another has it. Four write units per kilobyte.
    """
    later = _copy(row, tries=int(row.tries) + 1)
    rested = now + wait_before(int(later.tries))
    later.id = _place(row.subscriber, row.workspace_id, rested, row.event_id)
    return _move(row, later)


def refuse(row: Parked, error: str) -> bool:
    """Note that a try failed; says whether it was the last one, and the row is given up."""
    if row.tries >= TRIES:
        place = _given_up_place(row.event_id, row.subscriber)
        return (
            _move(row, _copy(row, shelf=GIVEN_UP, id=place, error=error[:_LONGEST_MESSAGE]))
            is not None
        )
    row.error = error[:_LONGEST_MESSAGE]
    try:
        row.save(condition=Parked.id.exists())
    except PutError as failure:
        if not is_failed_condition(failure):
            raise
    return False


def redrive(row: Parked, now: datetime) -> bool:
    """Let a row be tried at the next tick, with a day's tries before it. False if it has gone."""
    place = _place(row.subscriber, row.workspace_id, now, row.event_id)
    return _move(row, _copy(row, shelf=WAITING, id=place, tries=0)) is not None


def list_shelf(shelf: str) -> Iterator[Parked]:
    """Everything on a shelf."""
    return iter(Parked.query(shelf))


def overdue(now: datetime) -> int:
    """How much waits for more than an hour, of the first `COUNTED`."""
    early = Parked.since <= instants.to_text(now - OVERDUE)
    rows = Parked.query(WAITING, filter_condition=early, page_size=COUNTED)
    return int(next(iter(rows.page_iter))["Count"])


def given_up() -> int:
    """How much is given up, up to `COUNTED`. Half a read unit while nothing is."""
    return sum(1 for _ in Parked.query(GIVEN_UP, limit=COUNTED))


def _first(after: str, last: str) -> Parked | None:
    between = Parked.id.between(after or "0", last)
    return next(iter(Parked.query(WAITING, between, limit=1)), None)


def _place(subscriber: str, workspace_id: str, due_at: datetime, event_id: str) -> str:
    lane = hashlib.sha256(f"{subscriber} {workspace_id}".encode()).hexdigest()[:8]
    return f"{lane}#{instants.to_text(due_at)}#{event_id}#{subscriber}"


def _given_up_place(event_id: str, subscriber: str) -> str:
    return f"{event_id}#{subscriber}"


def _shelf_row(
    shelf: str, id: str, row: OutboxRow, subscriber: str, now: datetime, error: str
) -> Parked:
    return Parked(
        shelf=shelf,
        id=id,
        subscriber=subscriber,
        event_id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        at=row.at,
        actor=row.actor,
        data=row.data,
        error=error[:_LONGEST_MESSAGE],
        since=instants.to_text(now),
    )


def _copy(row: Parked, **changes: Any) -> Parked:
    copy = Parked()
    copy.attribute_values = {**row.attribute_values, **changes}
    return copy


def _move(row: Parked, to: Parked) -> Parked | None:
    """In one transaction; None when somebody else has moved it."""
    if (row.shelf, row.id) == (to.shelf, to.id):
        return to
    try:
        commit(remove(row, condition=Parked.id.exists(), on_conflict=lambda _: _Gone()), save(to))
    except (_Gone, Raced):
        return None
    return to


class _Gone(Exception):
    """Somebody else took, gave up or redrove it just now."""

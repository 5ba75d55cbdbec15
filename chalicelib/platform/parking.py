"""Reactions that failed, kept until they succeed.

| question                       | asked of | key                          |
|--------------------------------|----------|------------------------------|
| what waits to be tried again   | parked   | shelf = "waiting", oldest id |
| what was given up              | parked   | shelf = "given_up"           |

A row holds the event as the outbox had it, so that it can be replayed after the outbox's own
row has expired. Nothing here expires: somebody has to look.
"""

from __future__ import annotations

from chalicelib.platform.config import named
from chalicelib.platform.rows import Model, NumberAttribute, UnicodeAttribute

WAITING = "waiting"
GIVEN_UP = "given_up"
TRIES = 10


class Parked(Model):
    class Meta:
        table_name = named("parked")

    shelf = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    subscriber = UnicodeAttribute()
    event_id = UnicodeAttribute()
    workspace_id = UnicodeAttribute()
    name = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    data = UnicodeAttribute()
    error = UnicodeAttribute()
    tries = NumberAttribute(default=0)


def oldest(limit: int) -> list[Parked]:
    """The longest-waiting failed reactions. Half a read unit when there are none."""
    return list(Parked.query(WAITING, limit=limit))


def shelve(row: Parked, error: str) -> None:
    """Count a failed try; after `TRIES` the row is given up (and an alarm counts those).

    What is given up is kept there before it goes here: it may be on both shelves, never on none.
    """
    row.tries = int(row.tries) + 1
    row.error = error[:1000]
    if row.tries < TRIES:
        row.save()
        return
    row.shelf = GIVEN_UP
    row.save()
    Parked(shelf=WAITING, id=row.id).delete()

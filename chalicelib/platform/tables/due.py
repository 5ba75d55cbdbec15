"""What is to be done at a time: one index for everything that waits for the clock.

| question                        | asked of | key                                                |
|---------------------------------|----------|----------------------------------------------------|
| what is due now, the oldest 1st | due      | shard, id = "<instant>#<kind>#<workspace>#<entity>" |

A module that wants to be called writes a row in the transaction that decides so (`at`), and
`wiring.DUE` names the handler of each kind. Each minute the clock (`edge.clock`) calls the handlers
of all that is due, oldest first, kinds taking turns and in each the workspaces, so that twenty
thousand of one delay no other. What a run has no time for is done by the next.

A handler looks at how things are *now* and does nothing where its time was changed or has gone: it
may be called twice, late, or for what was given up meanwhile. So nobody takes a row back.

One that fails rests, a minute at first and three hours at most, and is never given up: it keeps
nothing else, the log and an alarm tell of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.kit import instants
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.commits import Write, commit, remove, save
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute

SHARDS = 4
"""Half a read unit each in a minute in which nothing is due."""
_READ = 10_000
"""Rows of a shard that one run looks at."""
_WAITS = (*(timedelta(minutes=2**tries) for tries in range(8)), timedelta(hours=3))
"""How long one rests that failed so often; in the end always as long."""


class Due(Model):
    """`tries` is how often its handler failed."""

    class Meta:
        table_name = table_name("due")

    shard = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    tries = NumberAttribute(default=0)

    @property
    def call(self) -> Call:
        """What its handler is told."""
        when, kind, workspace_id, entity_id = self.id.split("#", 3)
        return Call(kind, workspace_id, entity_id, instants.from_text(when))


@dataclass(frozen=True, slots=True)
class Call:
    """For which entity a handler is called, and when it was to be."""

    kind: str
    workspace_id: str
    entity_id: str
    at: datetime


def at(when: datetime, kind: str, workspace_id: str, entity_id: str) -> Write:
    """The write by which `kind`'s handler is called for an entity, within a minute of `when`."""
    return save(_row(when, f"{kind}#{workspace_id}#{entity_id}"))


def waiting(now: datetime) -> dict[str, deque[Due]]:
    """What is due by kind: workspaces take turns, of each the longest due first."""
    until = Due.id <= f"{instants.to_text(now)}~"
    rows = (
        row
        for shard in range(SHARDS)
        for row in islice(Due.query(str(shard), until, page_size=_READ), _READ)
    )
    by_kind: dict[str, deque[Due]] = {}
    for row in _take_turns(sorted(rows, key=lambda row: str(row.id))):
        by_kind.setdefault(row.call.kind, deque()).append(row)
    return by_kind


def _take_turns(rows: Iterable[Due]) -> list[Due]:
    """The first of each workspace, then their second ones: one's crowd keeps no other waiting."""
    before: Counter[str] = Counter()
    ranked = []
    for row in rows:
        _, kind, workspace_id, _ = row.id.split("#", 3)
        whose = f"{kind}#{workspace_id}"
        ranked.append((before[whose], row))
        before[whose] += 1
    return [row for _, row in sorted(ranked, key=lambda each: each[0])]


def postpone(row: Due, now: datetime) -> None:
    """Let one that failed rest, longer each time. One transaction: it is never lost."""
    tries = int(row.tries)
    wait = _WAITS[min(tries, len(_WAITS) - 1)]
    later = _row(now + wait, row.id.partition("#")[2])
    later.tries = tries + 1
    commit(remove(row), save(later))


def _row(when: datetime, name: str) -> Due:
    shard = hashlib.sha256(name.encode()).digest()[0] % SHARDS
    return Due(shard=str(shard), id=f"{instants.to_text(when)}#{name}")

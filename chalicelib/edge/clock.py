"""The clock: every job at each tick, one's failure keeping none of the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from time import monotonic

from chalicelib.kit import instants
from chalicelib.platform import observability
from chalicelib.platform.observability import Metric, Work
from chalicelib.platform.tables import due

log = logging.getLogger("foyer.clock")

Job = Callable[[datetime, float], object]
"""Gets the time, and when it should have ended (`time.monotonic`)."""
Handler = Callable[[due.Call, datetime], object]
"""Does what is due, at this time, if it still is. May be called again."""

PATIENCE = 50.0
"""Seconds of a tick for all jobs: the function has 55, and the next tick comes after 60."""
_AT_ONCE = 8
_TURN = 64
"""Rows of one kind that are done before it is another kind's turn."""


def tick(jobs: Sequence[Job], now: datetime, request_id: str = "") -> None:
    """Run all jobs.

    Raises:
        ExceptionGroup: Of the jobs that failed, after the others have run: the alarm on the
            function's errors hears of it, and the next tick tries again.
    """
    failures: list[Exception] = []
    ends = monotonic() + PATIENCE
    with Work("clock", "every_minute", request_id):
        for job in jobs:
            try:
                job(now, ends)
            except Exception as error:
                log.exception("a job failed")
                failures.append(error)
    if failures:
        raise ExceptionGroup("jobs failed", failures)


def do_what_is_due(handlers: Mapping[str, Handler], now: datetime, ends: float) -> None:
    """Call the handlers of what is due (`platform.tables.due`), oldest first, kinds taking turns.

    Two read units when nothing is due, whatever waits. What there is no time for is done at the
    next tick; one that fails rests, and its alarm hears of it.
    """
    waiting = due.waiting(now)
    done = observability.share(_is_done)
    failed = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while waiting and monotonic() < ends:
            kind, rows = next(iter(waiting.items()))
            turn = [rows.popleft() for _ in range(min(_TURN, len(rows)))]
            failed += list(pool.map(partial(done, handlers.get(kind), now), turn)).count(False)
            _note(kind, turn)
            del waiting[kind]
            if rows:
                waiting[kind] = rows
    observability.count(Metric.DUE_FAILED, failed)


def _note(kind: str, rows: Sequence[due.Due]) -> None:
    """Say how many of a kind there were, and how late the longest due was."""
    late = instants.now() - min(row.call.at for row in rows)
    observability.count(Metric.WAKE_LATENESS, max(0, int(late.total_seconds() * 1000)))
    if (work := observability.current()) is not None:
        work.line.due[kind] = work.line.due.get(kind, 0) + len(rows)


def _is_done(handler: Handler | None, now: datetime, row: due.Due) -> bool:
    call = row.call
    try:
        if handler is None:
            raise LookupError("nobody handles this kind")
        handler(call, now)
        row.delete()
    except Exception:
        log.exception("%s of %s failed", call.kind, call.entity_id)
        _postpone(row, now)
        return False
    return True


def _postpone(row: due.Due, now: datetime) -> None:
    try:
        due.postpone(row, now)
    except Exception:
        log.exception("%s could not be put off: the next tick tries it again", row.id)

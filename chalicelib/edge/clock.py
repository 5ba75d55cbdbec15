"""The clock: every job at each tick, one's failure keeping none of the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

log = logging.getLogger("foyer.clock")

Job = Callable[[datetime], object]


def tick(jobs: Sequence[Job], now: datetime) -> None:
    """Run all jobs.

    Raises:
        ExceptionGroup: Of the jobs that failed, after the others have run: the alarm on the
            function's errors hears of it, and the next tick tries again.
    """
    failures: list[Exception] = []
    for job in jobs:
        try:
            job(now)
        except Exception as error:
            log.exception("a job failed")
            failures.append(error)
    if failures:
        raise ExceptionGroup("jobs failed", failures)

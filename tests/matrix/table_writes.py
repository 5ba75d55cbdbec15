"""What is written while somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.platform.observability.observe import WRITES, Call, observe

COUNTERS = "tries"
"""The table that refusals do write to: wrong passwords are counted."""


@contextmanager
def watch_tables() -> Iterator[list[str]]:
    """The tables that are written to in here, counters of refusals left out."""
    made: list[str] = []

    def watch(call: Call) -> None:
        if call.operation in WRITES and call.error is None:
            tables = {entry["TableName"].partition("-")[2] for entry in call.consumed}
            made.extend(tables - {COUNTERS})

    with observe(watch, everywhere=True):
        yield made


@contextmanager
def check_nothing_written() -> Iterator[None]:
    """Fail if anything in here changed any table."""
    with watch_tables() as made:
        yield
    assert not made, f"a refused request wrote to {made}"

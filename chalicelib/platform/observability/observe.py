"""Seeing the calls to DynamoDB: how many, how long, how dear. For tests of budgets, and logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import msgspec

WRITES = frozenset({"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"})
READS = frozenset({"BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"})
METERED = WRITES | READS
"""The operations that take ReturnConsumedCapacity."""


class Call(msgspec.Struct, frozen=True):
    """One call to DynamoDB, its retries included.

    `started` is of `time.perf_counter`, so calls that overlap can be told from sequential ones;
    `duration` is in seconds. `attempts` counts the requests sent. `consumed` is the service's
    ConsumedCapacity, one entry per table and request. `error` is the code or class it failed with.
    """

    operation: str
    started: float
    duration: float
    attempts: int
    consumed: tuple[dict[str, Any], ...]
    error: str | None

    @property
    def write_units(self) -> float:
        """Write capacity units, indexes included."""
        return self.units if self.operation in WRITES else 0.0

    @property
    def read_units(self) -> float:
        """Read capacity units, indexes included."""
        return self.units if self.operation in READS else 0.0

    @property
    def units(self) -> float:
        """Capacity units, of which kind ever."""
        return float(sum([entry.get("CapacityUnits", 0.0) for entry in self.consumed]))


Observer = Callable[[Call], None]


class Tally(Protocol):
    """What is counted for: a piece of work (`work.Work`)."""

    def add(self, call: Call, /) -> None:
        """Count a call to DynamoDB. May come from any thread."""

    def about(self) -> dict[str, str]:
        """What is said of it beside any line that is logged meanwhile."""


tally: ContextVar[Tally | None] = ContextVar("tally", default=None)
"""The work that this context belongs to."""

_here: ContextVar[tuple[Observer, ...]] = ContextVar("dynamodb_observers", default=())
_everywhere: tuple[Observer, ...] = ()


def observers() -> tuple[tuple[Observer, ...], str]:
    """Who watches the calls of this context, and in how much detail (ReturnConsumedCapacity).

    Asked once per call, so it must stay cheap.
    """
    detailed = _here.get() + _everywhere if _everywhere else _here.get()
    counting = tally.get()
    if counting is None:
        return detailed, "INDEXES"
    return (counting.add, *detailed), "INDEXES" if detailed else "TOTAL"


@contextmanager
def observe(callback: Observer, *, everywhere: bool = False) -> Iterator[None]:
    """Call `callback` after each call to DynamoDB, failed ones too, with its capacity in detail.

    Sees the calls of this context, so of this thread or task; with `everywhere`, those of the
    whole process (where calls are made in other threads).
    """
    global _everywhere
    if everywhere:
        _everywhere = (*_everywhere, callback)
        try:
            yield
        finally:
            _everywhere = tuple(each for each in _everywhere if each is not callback)
    else:
        token = _here.set((*_here.get(), callback))
        try:
            yield
        finally:
            _here.reset(token)

"""Rows, and the one way to change them: `commit`, a single transaction with its events.

A store returns writes as values (`put_new`, `save`, `remove`), a service joins them, and
`commit` sends them with one outbox row per event. Reads are PynamoDB's own.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition

from chalicelib.kit.actors import Source
from chalicelib.kit.events import Event
from chalicelib.kit.problems import Busy, Unavailable
from chalicelib.platform import observability, transport
from chalicelib.platform.config import config
from chalicelib.platform.observability import Metric
from chalicelib.platform.tables import attempts, outbox
from chalicelib.platform.tables.rows import InstantAttribute, Model
from chalicelib.platform.transport.errors import is_failed_condition

__all__ = [
    "InstantAttribute", "OnConflict", "Raced", "Write", "commit", "put_new", "remove",
    "retry_on_conflict", "save", "write_alone",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")

_TRIES = 10
_FIRST_PAUSE = 0.012
"""Seconds the first pause is below, about two tries long: sixteen who write into one conversation
at once get through four times sooner than with a third of it."""

transport.install()


class Raced(Exception):
    """Somebody else changed a row between our read and our commit. `retry_on_conflict` heals it."""


OnConflict = Callable[[dict[str, Any] | None], Exception]


@dataclass(frozen=True, slots=True)
class Write:
    """One item of a transaction.

    `on_conflict` makes the error to raise when the write's condition fails, from the row that is
    there (wire form, None when unknown); without it a failed condition means `Raced`.
    """

    kind: Literal["check", "delete", "put", "update"]
    request: dict[str, Any]
    row: Model | None = None
    on_conflict: OnConflict | None = None


def put_new(row: Model, *, on_conflict: OnConflict | None = None) -> Write:
    """Add a row whose key must be free; `on_conflict` tells what to raise if it isn't."""
    kind: Any = type(row)  # PynamoDB leaves these two untyped
    free = kind._hash_key_attribute().does_not_exist()
    versioned = kind._version_attribute_name is not None
    return Write(
        "put",
        row.get_save_kwargs_from_instance(
            condition=None if versioned else free,
            return_values_on_condition_failure="ALL_OLD" if on_conflict else None,
        ),
        row,
        on_conflict,
    )


def save(
    row: Model, *, condition: Condition | None = None, on_conflict: OnConflict | None = None
) -> Write:
    """Write a row back as it is now; its version must be the one that was read."""
    return Write("put", row.get_save_kwargs_from_instance(condition=condition), row, on_conflict)


def remove(
    row: Model, *, condition: Condition | None = None, on_conflict: OnConflict | None = None
) -> Write:
    """Delete a row; its version, if it has one, must be the one that was read."""
    return Write(
        "delete", row.get_delete_kwargs_from_instance(condition=condition), None, on_conflict
    )


def commit(
    *writes: Write, events: Sequence[Event] = (), by: Source | None = None
) -> tuple[str, ...]:
    """Make all writes and record all events, or nothing.

    Returns the ids of the events, in order. `by` says whose doing it is and must be given with
    events. At most 100 items in all (DynamoDB's limit for a transaction).

    Raises:
        Raced: A row changed since it was read; nothing was written.
        Exception: Whatever a failed write's `on_conflict` makes; nothing was written.
    """
    rows = outbox.rows(events, by) if events and by else ()
    if len(rows) != len(events):
        raise ValueError("events need to know whose doing they are")
    ordered = sorted(
        (
            *writes,
            *(Write("put", row.get_save_kwargs_from_instance(), row) for row in rows),
            *_attempt_write(attempts.current()),
        ),
        key=lambda write: _ORDER[write.kind],
    )
    try:
        _connection().transact_write_items(
            condition_check_items=_requests(ordered, "check"),
            delete_items=_requests(ordered, "delete"),
            put_items=_requests(ordered, "put"),
            update_items=_requests(ordered, "update"),
        )
    except TransactWriteError as error:
        raise _failure(error, ordered) from error
    for write in ordered:
        row: Any = write.row
        if row is not None:
            row.update_local_version_attribute()
    return tuple(row.id for row in rows)


def write_alone(row: Model) -> None:
    """Write a row back that no event tells of, for half of what a transaction costs.

    Raises:
        Raced: It changed since it was read.
    """
    try:
        row.save()
    except PutError as error:
        if not is_failed_condition(error):
            raise
        raise Raced() from error


def retry_on_conflict(step: Callable[P, R]) -> Callable[P, R]:
    """Run a load-decide-commit step again when somebody else got there first.

    Raises:
        Busy: Still racing after ten tries, most of a second.
    """

    @functools.wraps(step)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(_TRIES):
            try:
                return step(*args, **kwargs)
            except Raced:
                observability.count(Metric.CONFLICTS)
                time.sleep(random.uniform(0, min(0.2, _FIRST_PAUSE * 2**attempt)))
        raise Busy()

    return tried


def _attempt_write(attempt: attempts.Attempt | None) -> tuple[Write, ...]:
    """That the request with this idempotency key has done something, unless it was overtaken."""
    if attempt is None:
        return ()
    ours = attempts.Attempt.token == attempt.token
    overtaken = Unavailable("Overtaken by a repetition")
    return (save(attempt, condition=ours, on_conflict=lambda _: overtaken),)


# How PynamoDB lines the items of a transaction up, and so the reasons of a cancelled one.
_ORDER = {kind: place for place, kind in enumerate(("check", "delete", "put", "update"))}


def _requests(ordered: Sequence[Write], kind: str) -> list[dict[str, Any]]:
    return [write.request for write in ordered if write.kind == kind]


@functools.lru_cache(maxsize=1)
def _connection() -> Connection:
    return Connection(region=config().region)


def _failure(error: TransactWriteError, ordered: Sequence[Write]) -> Exception:
    """What a cancelled transaction means: the first failed condition decides."""
    reasons = error.cancellation_reasons
    for write, reason in zip(ordered, reasons, strict=False):
        if reason is not None and reason.code == "ConditionalCheckFailed":
            return write.on_conflict(reason.raw_item) if write.on_conflict else Raced()
    if any(reason is not None and reason.code == "TransactionConflict" for reason in reasons):
        return Raced()
    return error

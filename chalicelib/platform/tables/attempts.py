"""Writes that name an idempotency key, kept for a day with their first answer.

| question                       | asked of | key                                              |
|--------------------------------|----------|--------------------------------------------------|
| was this asked before, by whom | attempts | id = hash of who asked, the route and the key    |

While an attempt runs, `dynamo.commit` writes into the same transaction that it is `done`. So when
the transaction's answer, or the whole process, is lost, the repetition doesn't do it again; and
who was given up and overtaken commits nothing any more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime, timedelta

from pynamodb.exceptions import DeleteError, PutError, UpdateError

from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute
from chalicelib.platform.transport.errors import is_failed_condition

LIFE = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(seconds=60)
"""No request runs longer than 29 seconds: one that has no answer after this never will."""

LOST = -1

transport.install()


class Attempt(Model):
    """`done` is 1 when something was committed; `status` is 0 until there is an answer to keep,
    and `LOST` when there never will be."""

    class Meta:
        table_name = table_name("attempts")

    id = UnicodeAttribute(hash_key=True)
    request_hash = UnicodeAttribute(attr_name="asked")
    token = UnicodeAttribute(default="")
    begun_at = NumberAttribute()
    done = NumberAttribute(default=0)
    status = NumberAttribute(default=0)
    answer = UnicodeAttribute(default="")
    expires_at = NumberAttribute()


_running: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def begin(attempt_id: str, request_hash: str, now: datetime) -> tuple[Attempt, bool]:
    """Note that a write begins: one write. The attempt, and whether it is ours and not an earlier.

    One that began long ago, did nothing and never answered is begun again, as is one that has
    expired or is forgotten while it is looked at.
    """
    seconds = now.timestamp()
    row = Attempt(
        id=attempt_id,
        request_hash=request_hash,
        token=secrets.token_urlsafe(9),
        begun_at=int(seconds),
        expires_at=int(seconds + LIFE.total_seconds()),
    )
    free = (
        Attempt.id.does_not_exist()
        | (Attempt.expires_at <= int(seconds))
        | (
            (Attempt.status == 0)
            & (Attempt.done == 0)
            & (Attempt.begun_at < int(seconds - GIVEN_UP_AFTER.total_seconds()))
        )
    )
    try:
        row.save(condition=free)
    except PutError as error:
        if not is_failed_condition(error):
            raise
        try:
            return Attempt.get(attempt_id, consistent_read=True), False
        except Attempt.DoesNotExist:
            return begin(attempt_id, request_hash, now)
    return row, True


@contextmanager
def running(attempt: Attempt) -> Iterator[None]:
    """What is committed in this context belongs to `attempt`."""
    before = _running.set(attempt)
    try:
        yield
    finally:
        _running.reset(before)


def current() -> Attempt | None:
    """The attempt that this context runs for as it is once something is done, None without one."""
    running = _running.get()
    if running is None:
        return None
    done = Attempt()
    done.attribute_values = {**running.attribute_values, "done": 1}
    return done


def finish(attempt: Attempt, status: int, answer: str) -> None:
    """Keep the answer: one write per kilobyte."""
    attempt.status, attempt.answer, attempt.done = status, answer, 1
    attempt.save(condition=Attempt.token == attempt.token)


def forget(attempt: Attempt) -> None:
    """The write failed for no fault of its asker: it may be tried again, unless it was done."""
    ours = Attempt.token == attempt.token
    try:
        attempt.delete(condition=ours & (Attempt.done == 0))
    except DeleteError as error:
        if not is_failed_condition(error):
            raise
        with suppress(UpdateError):
            attempt.update(actions=[Attempt.status.set(LOST)], condition=ours)


def has_lost_its_answer(attempt: Attempt, now: datetime) -> bool:
    """Whether something was done and nobody will tell any more with what answer."""
    given_up = attempt.begun_at < (now - GIVEN_UP_AFTER).timestamp()
    return attempt.status == LOST or bool(attempt.done and not attempt.status and given_up)

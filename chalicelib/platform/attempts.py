"""Writes that name an idempotency key, kept for a day with their first answer.

| question                       | asked of | key                                              |
|--------------------------------|----------|--------------------------------------------------|
| was this asked before, by whom | attempts | id = hash of who asked, the route and the key    |
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.exceptions import PutError

from chalicelib.platform import transport
from chalicelib.platform.config import named
from chalicelib.platform.rows import Model, NumberAttribute, UnicodeAttribute

KEPT = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(seconds=60)
"""No request runs longer than 29 seconds: one that has no answer after this never will."""

transport.install()


class Attempt(Model):
    class Meta:
        table_name = named("attempts")

    id = UnicodeAttribute(hash_key=True)
    asked = UnicodeAttribute()
    begun_at = NumberAttribute()
    status = NumberAttribute(default=0)
    answer = UnicodeAttribute(default="")
    expires_at = NumberAttribute()


def begin(attempt_id: str, asked: str, now: datetime) -> Attempt | None:
    """Note that a write begins: one write. Returns the earlier attempt instead, if there is one.

    An attempt that began long ago and never answered, or has expired, is begun again; so is one
    that is forgotten while it is looked at.
    """
    seconds = now.timestamp()
    row = Attempt(
        id=attempt_id,
        asked=asked,
        begun_at=int(seconds),
        expires_at=int(seconds + KEPT.total_seconds()),
    )
    free = (
        Attempt.id.does_not_exist()
        | (Attempt.expires_at <= int(seconds))
        | (
            (Attempt.status == 0)
            & (Attempt.begun_at < int(seconds - GIVEN_UP_AFTER.total_seconds()))
        )
    )
    try:
        row.save(condition=free)
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        try:
            return Attempt.get(attempt_id, consistent_read=True)
        except Attempt.DoesNotExist:
            return begin(attempt_id, asked, now)
    return None


def finish(attempt_id: str, asked: str, status: int, answer: str, now: datetime) -> None:
    """Keep the answer: one write per kilobyte."""
    Attempt(
        id=attempt_id,
        asked=asked,
        begun_at=int(now.timestamp()),
        status=status,
        answer=answer,
        expires_at=int((now + KEPT).timestamp()),
    ).save()


def forget(attempt_id: str) -> None:
    """The write failed for no fault of its asker: it may be tried again."""
    Attempt(id=attempt_id).delete()

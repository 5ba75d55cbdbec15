"""What must not be done twice and can't be taken back, such as sending a mail.

| question                                  | asked of | key                       |
|-------------------------------------------|----------|---------------------------|
| was this reaction to this event done      | done     | id = "<event>#<reaction>" |

A row is written before the deed (`begun`) and after it (`done`). Whatever ends the process between
the two leaves nobody who knows whether it was done, so it isn't done again: somebody has to say so
(`forget`). A deed that surely failed leaves no row, and may be tried again. Rows live as long as
the outbox's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import DeleteError, PutError

from chalicelib.kit import instants
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.outbox import LIFE
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute
from chalicelib.platform.transport.errors import is_failed_condition
from chalicelib.platform.transport.retry import Outcome, outcome

LEASE = timedelta(minutes=2)
"""How long a run may be at it: functions that take from queues end sooner."""
_BEGUN, _DONE = "begun", "done"


class Done(Model):
    """A deed, at which somebody is (`begun`, `since` an instant) or was (`done`)."""

    class Meta:
        table_name = table_name("done")

    id = UnicodeAttribute(hash_key=True)
    state = UnicodeAttribute(default=_BEGUN)
    since = UnicodeAttribute()
    expires_at = NumberAttribute()


class InDoubt(Exception):
    """Nobody knows whether it was done, so it is not done again."""


class UnderWay(Exception):
    """Another run is at it just now."""


def once(event_id: str, reaction: str, act: Callable[[], object]) -> None:
    """Do it, unless it was done before. Two write units; one and a read if it was.

    Raises:
        UnderWay: Another run began within the last two minutes.
        InDoubt: Another run began and never said how it ended, or this one can't tell.
        Exception: Whatever `act` raises: it wasn't done, and may be tried again.
    """
    now = instants.now()
    row = Done(id=_id(event_id, reaction), since=instants.to_text(now))
    row.expires_at = int((now + LIFE).timestamp())
    try:
        row.save(condition=Done.id.does_not_exist())
    except PutError as error:
        if not is_failed_condition(error):
            raise
        _refuse_unless_done(row.id)
        return
    _do(row, act)
    row.state = _DONE
    row.save()


def forget(event_id: str, reaction: str) -> None:
    """Let it be done again although nobody knows whether it was; not if it is known that it was."""
    row = Done(id=_id(event_id, reaction))
    try:
        row.delete(condition=Done.id.does_not_exist() | (Done.state == _BEGUN))
    except DeleteError as error:
        if not is_failed_condition(error):
            raise


def _do(row: Done, act: Callable[[], object]) -> None:
    try:
        act()
    except InDoubt:
        raise
    except (BotoCoreError, ClientError) as error:
        if outcome(error) is Outcome.UNKNOWN:
            raise InDoubt(repr(error)) from error
        row.delete()
        raise
    except Exception:
        row.delete()
        raise


def _refuse_unless_done(id: str) -> None:
    try:
        row = Done.get(id, consistent_read=True)
    except Done.DoesNotExist:  # it has failed just now
        raise UnderWay(id) from None
    if row.state == _DONE:
        return
    if instants.now() < instants.from_text(row.since) + LEASE:
        raise UnderWay(id)
    raise InDoubt(f"begun at {row.since}, and nobody knows how it ended")


def _id(event_id: str, reaction: str) -> str:
    return f"{event_id}#{reaction}"

"""Where counts are kept of what may not be done without end: tries to sign in, mails asked for.

| question                              | asked of | key                       |
|---------------------------------------|----------|---------------------------|
| how many tries, and when was the last | tries    | id = kind # hash of whose |

`expires_at` is in seconds since 1970, for DynamoDB to delete by (late) and for readers to heed (at
once).
"""

from __future__ import annotations

from datetime import datetime

from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute
from chalicelib.platform.transport.errors import is_failed_condition

transport.install()


class Tries(Model):
    """How often something was tried; times are in seconds since 1970.

    `proved_at` is when it last succeeded, of tries that can.
    """

    class Meta:
        table_name = table_name("tries")

    id = UnicodeAttribute(hash_key=True)
    number = NumberAttribute()
    last_at = NumberAttribute()
    proved_at = NumberAttribute(null=True)
    expires_at = NumberAttribute()


NONE_YET = Tries.id.does_not_exist()


def find_tries(key: str, now: datetime, *, consistent: bool) -> Tries | None:
    """A count that still counts. One read unit, or half of one."""
    try:
        row = Tries.get(key, consistent_read=consistent)
    except DoesNotExist:
        return None
    return row if row.expires_at > now.timestamp() else None


def count(
    key: str, now: datetime, until: int, condition: Condition, *, anew: bool = False
) -> Tries | None:
    """Add one (or begin at one), kept `until` then, if `condition` holds; None when it doesn't.

    One write unit.
    """
    row = Tries(key)
    actions: list[Action] = [
        Tries.number.set(1) if anew else Tries.number.add(1),
        Tries.last_at.set(now.timestamp()),
        Tries.expires_at.set(until),
    ]
    try:
        row.update(actions, condition=condition)
    except UpdateError as error:
        if not is_failed_condition(error):
            raise
        return None
    return row


def take_back(key: str) -> None:
    """One less, if there is any. One write unit."""
    try:
        Tries(key).update([Tries.number.add(-1)], condition=Tries.number > 0)
    except UpdateError as error:
        if not is_failed_condition(error):
            raise


def save_success(key: str, now: datetime, until: int) -> None:
    """It succeeded: nothing is counted any more. One write unit."""
    at = now.timestamp()
    Tries(key, number=0, last_at=at, proved_at=at, expires_at=until).save()


def forget(key: str) -> None:
    """Nothing is counted any more. One write unit."""
    Tries(key).delete()

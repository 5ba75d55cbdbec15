"""How often something may be tried.

Of an account each try is counted before the password is looked at, so a thousand at once are no
way around; a right password clears the count. Of a source only failures are counted, so that a
whole office can sign in from one address. Keys are hashes: addresses of people and of machines
don't stand in the table.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import Any

from chalicelib.auth import domain, store
from chalicelib.kit.addresses import THIS_MACHINE, household
from chalicelib.kit.problems import TooMany

ACCOUNT_MEMORY = timedelta(hours=24)
SOURCE_MEMORY = domain.LONGEST_WAIT


def try_account(login_id: str, now: datetime) -> None:
    """Count a try to sign in. One write unit; two more units once tries are many.

    Raises:
        TooMany: It has to wait first.
    """
    key, free = _account(login_id), domain.FREE_TRIES
    until = _after(now, ACCOUNT_MEMORY)
    few = (store.Tries.number < free) & _live(now)
    if store.count(key, now, until, store.NONE_YET | few):
        return
    row = store.tried(key, now, consistent=True)
    if row is None:
        counted = store.count_anew(key, now, until)
    else:
        _wait(row, free, now)
        counted = store.count(key, now, until, store.Tries.number == row.number)
    if not counted:
        raise _too_many(1)


def clear_account(login_id: str) -> None:
    """The right password was given. One write unit."""
    store.Tries(_account(login_id)).delete()


def check_source(source_ip: str, now: datetime) -> None:
    """Half a read unit.

    Raises:
        TooMany: Too many wrong passwords came from there lately.
    """
    row = store.tried(_source(source_ip), now, consistent=False)
    if row is not None:
        _wait(row, domain.FREE_TRIES_PER_SOURCE, now)


def blame_source(source_ip: str, now: datetime) -> None:
    """A wrong password came from there. One write unit."""
    key, until = _source(source_ip), _after(now, SOURCE_MEMORY)
    if not store.count(key, now, until, store.NONE_YET | _live(now)):
        store.count_anew(key, now, until)


def spend(kind: str, whose: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one of at most `limit` in the current window. False when all are spent.

    One write unit.
    """
    number = int(now.timestamp() // window.total_seconds())
    left = store.NONE_YET | (store.Tries.number < limit)
    key = f"{kind}#{_hashed(whose)}#{number}"
    return store.count(key, now, _after(now, window), left)


def spend_from(kind: str, source_ip: str, limit: int, window: timedelta, now: datetime) -> bool:
    """The same for one source. One write unit.

    What comes from this machine itself costs nothing and has no limit: it is its owner, or a proxy
    that hides who asks, and then one would keep all others out.
    """
    place = household(source_ip)
    return place == THIS_MACHINE or spend(kind, place, limit, window, now)


def _live(now: datetime) -> Any:
    """The count hasn't expired."""
    return store.Tries.expires_at > now.timestamp()


def _after(now: datetime, memory: timedelta) -> int:
    return math.ceil((now + memory).timestamp())


def _wait(row: store.Tries, free: int, now: datetime) -> None:
    open_at = row.last_at + domain.wait_after(int(row.number), free=free).total_seconds()
    if now.timestamp() < open_at:
        raise _too_many(math.ceil(open_at - now.timestamp()))


def _too_many(seconds: int) -> TooMany:
    return TooMany(
        "Too many tries; wait a little, or reset the password",
        retry_after=max(1, seconds),
        code="auth.too_many_tries",
    )


def _account(login_id: str) -> str:
    return f"account#{login_id}"


def _source(source_ip: str) -> str:
    return f"source#{_hashed(household(source_ip))}"


def _hashed(whose: str) -> str:
    return hashlib.sha256(whose.encode()).hexdigest()

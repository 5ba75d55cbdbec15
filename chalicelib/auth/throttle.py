"""How often something may be tried.

Of an account each try is counted before the password is looked at, so a thousand at once are no
way around; a right password clears the count. Of a source only failures are counted, so that a
whole office can sign in from one address. Keys are hashes: addresses of people and of machines
don't stand in the table.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from datetime import datetime, timedelta

from chalicelib.auth import domain, store
from chalicelib.kit.problems import TooMany

ACCOUNT_MEMORY = timedelta(hours=24)
SOURCE_MEMORY = domain.LONGEST_WAIT


def try_account(login_id: str, now: datetime) -> None:
    """Count a try to sign in. One write unit; two more units once tries are many.

    Raises:
        TooMany: It has to wait first.
    """
    key, free = _account(login_id), domain.FREE_TRIES
    few = (store.Attempts.tries < free) & store.live(now)
    if store.count(key, now, ACCOUNT_MEMORY, store.NONE_YET | few):
        return
    row = store.attempts(key, now, consistent=True)
    if row is None:
        counted = store.count_anew(key, now, ACCOUNT_MEMORY)
    else:
        _wait(row, free, now)
        counted = store.count(key, now, ACCOUNT_MEMORY, store.Attempts.tries == row.tries)
    if not counted:
        raise _too_many(1)


def clear_account(login_id: str) -> None:
    """The right password was given. One write unit."""
    store.Attempts(_account(login_id)).delete()


def check_source(source_ip: str, now: datetime) -> None:
    """Half a read unit.

    Raises:
        TooMany: Too many wrong passwords came from there lately.
    """
    row = store.attempts(_source(source_ip), now, consistent=False)
    if row is not None:
        _wait(row, domain.FREE_TRIES_PER_SOURCE, now)


def blame_source(source_ip: str, now: datetime) -> None:
    """A wrong password came from there. One write unit."""
    key = _source(source_ip)
    if not store.count(key, now, SOURCE_MEMORY, store.NONE_YET | store.live(now)):
        store.count_anew(key, now, SOURCE_MEMORY)


def spend(kind: str, whose: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one of at most `limit` in the current window. False when all are spent.

    One write unit.
    """
    number = int(now.timestamp() // window.total_seconds())
    left = store.NONE_YET | (store.Attempts.tries < limit)
    return store.count(f"{kind}#{_hashed(whose)}#{number}", now, window, left)


def _wait(row: store.Attempts, free: int, now: datetime) -> None:
    open_at = row.last_at + domain.wait_after(int(row.tries), free=free).total_seconds()
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
    """One household or office: an IPv4 address, or the 64 bits of IPv6 that a provider gives."""
    try:
        address = ipaddress.ip_address(source_ip)
    except ValueError:
        return f"source#{_hashed(source_ip)}"
    network = ipaddress.ip_network((int(address), 64 if address.version == 6 else 32), strict=False)
    return f"source#{_hashed(str(network))}"


def _hashed(whose: str) -> str:
    return hashlib.sha256(whose.encode()).hexdigest()

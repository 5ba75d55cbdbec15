"""How often something may be tried.

Tries to sign in are counted by account and household (or known device), each before its password
is looked at, so a thousand at once are no way around, and a stranger's wrong passwords are the
stranger's. A household that fails for many accounts waits with all of them, and an account that
fails from everywhere waits a little; neither touches those who have signed in from there lately,
or on that device. Keys are hashes: addresses of people and of machines don't stand in the table.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.auth import counters, domain
from chalicelib.kit.addresses import THIS_MACHINE, household, wider
from chalicelib.kit.problems import TooMany
from chalicelib.platform import observability
from chalicelib.platform.observability import Metric

ACCOUNT_MEMORY = timedelta(hours=24)
SOURCE_MEMORY = domain.LONGEST_WAIT
_HOUSEHOLDS = 4
"""So many of one neighbourhood may use up what a household may."""
PROOF_LIFE = timedelta(days=30)
"""How long somebody is told from a stranger where they have signed in."""


@dataclass(frozen=True, slots=True)
class Trier:
    """Who tries to sign in to an account, and from where.

    `credential` is what tells them from a stranger wherever they are: their device, or the session
    in which they give their password once more. Without it a household does, but for this machine:
    a proxy that hides who asks makes everybody one.
    """

    login_id: str
    source_ip: str
    credential: str = ""

    @property
    def household(self) -> str:
        return household(self.source_ip)

    @property
    def key(self) -> str:
        return f"account#{_hash(f'{self.login_id}#{self.credential or self.household}')}"

    @property
    def has_place(self) -> bool:
        """Whether a success says something about the next who comes from there."""
        return bool(self.credential) or self.household != THIS_MACHINE

    def is_proved(self, row: counters.Tries | None, now: datetime) -> bool:
        """Whether they are no stranger, by what is counted of their own tries."""
        since = (now - PROOF_LIFE).timestamp()
        lately = row is not None and row.proved_at is not None and row.proved_at > since
        return bool(self.credential) or (self.has_place and lately)


def try_account(who: Trier, now: datetime) -> bool:
    """Count a try to sign in; says whether it is one of a stranger.

    Two write units and half a read unit for a stranger, one write unit for others, and half a
    read unit if they have no device; more once tries are many.

    Raises:
        TooMany: They have to wait first.
    """
    try:
        return _try(who, now)
    except TooMany:
        observability.count(Metric.LOCK_OUTS)
        raise


def _try(who: Trier, now: datetime) -> bool:
    if not who.credential:
        _check_source(who, now)
    own = _count(who.key, domain.FREE_TRIES, domain.LONGEST_WAIT, PROOF_LIFE, now)
    if who.is_proved(own, now):
        return False
    free, longest = domain.FREE_TRIES_OF_STRANGERS, domain.LONGEST_WAIT_OF_STRANGERS
    _count(_strangers_key(who.login_id), free, longest, ACCOUNT_MEMORY, now)
    return True


def record_success(who: Trier, now: datetime, *, stranger: bool) -> None:
    """The right password was given. One write unit, two of a stranger, who is none from now on."""
    if stranger:
        counters.forget(_strangers_key(who.login_id))
    if who.has_place:
        counters.save_success(who.key, now, _expiry(now, PROOF_LIFE))
    else:
        counters.forget(who.key)


def blame_source(who: Trier, now: datetime) -> None:
    """A stranger gave a wrong password. One write unit, two from IPv6, none for this machine."""
    until = _expiry(now, SOURCE_MEMORY)
    for key, _ in _source_keys(who):
        if counters.count(key, now, until, counters.NONE_YET | _is_live(now)) is None:
            counters.count(key, now, until, counters.NONE_YET | _is_over(now), anew=True)


def _check_source(who: Trier, now: datetime) -> None:
    """Half a read unit, one from IPv6, none for this machine.

    Raises:
        TooMany: Too many wrong passwords came from there lately, and they aren't known there.
    """
    try:
        for key, free in _source_keys(who):
            row = counters.find_tries(key, now, consistent=False)
            if row is not None:
                _wait(row, free, domain.LONGEST_WAIT, now)
    except TooMany:
        if not who.is_proved(counters.find_tries(who.key, now, consistent=True), now):
            raise


def _count(
    key: str, free: int, longest: timedelta, memory: timedelta, now: datetime
) -> counters.Tries | None:
    """Count one more. One write unit; two more units once there are `free`.

    Raises:
        TooMany: It has to wait first.
    """
    until, since = _expiry(now, memory), (now - ACCOUNT_MEMORY).timestamp()
    few = (counters.Tries.number < free) & (counters.Tries.last_at > since)
    none = counters.NONE_YET | (counters.Tries.number == 0)
    row = counters.count(key, now, until, none | few)
    if row is not None:
        return row
    row = counters.find_tries(key, now, consistent=True)
    if row is None or row.last_at <= since:
        old = counters.NONE_YET | (counters.Tries.last_at <= since)
        row = counters.count(key, now, until, old, anew=True)
    else:
        _wait(row, free, longest, now)
        row = counters.count(key, now, until, counters.Tries.number == row.number)
    if row is None:
        raise _too_many(1)
    return row


def spend(kind: str, whose: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one of at most `limit` in the current window. False when all are spent.

    One write unit.
    """
    remaining = counters.NONE_YET | (counters.Tries.number < limit)
    key = _window_key(kind, whose, window, now)
    return counters.count(key, now, _expiry(now, window), remaining) is not None


def give_back(kind: str, whose: str, window: timedelta, now: datetime) -> None:
    """What was spent at `now` came to nothing, and isn't counted. One write unit."""
    counters.take_back(_window_key(kind, whose, window, now))


def spend_from(kind: str, source_ip: str, limit: int, window: timedelta, now: datetime) -> bool:
    """The same for one household, and four times as many for all that one line can make of
    themselves. One write unit, two from IPv6.

    What comes from this machine itself costs nothing and has no limit: it is its owner, or a proxy
    that hides who asks, and then one would keep all others out.
    """
    place = household(source_ip)
    around = wider(source_ip)
    return place == THIS_MACHINE or (
        spend(kind, place, limit, window, now)
        and (not around or spend(kind, around, _HOUSEHOLDS * limit, window, now))
    )


def _window_key(kind: str, whose: str, window: timedelta, now: datetime) -> str:
    return f"{kind}#{_hash(whose)}#{int(now.timestamp() // window.total_seconds())}"


def _is_live(now: datetime) -> Any:
    """The count hasn't expired."""
    return counters.Tries.expires_at > now.timestamp()


def _expiry(now: datetime, memory: timedelta) -> int:
    return math.ceil((now + memory).timestamp())


def _is_over(now: datetime) -> Any:
    return counters.Tries.expires_at <= now.timestamp()


def _wait(row: counters.Tries, free: int, longest: timedelta, now: datetime) -> None:
    wait = domain.wait_time(int(row.number), free=free, longest=longest)
    open_at = row.last_at + wait.total_seconds()
    if now.timestamp() < open_at:
        raise _too_many(math.ceil(open_at - now.timestamp()))


def _too_many(seconds: int) -> TooMany:
    return TooMany(
        "Too many tries; wait a little, or reset the password",
        retry_after=max(1, seconds),
        code="auth.too_many_tries",
    )


def _strangers_key(login_id: str) -> str:
    return f"strangers#{login_id}"


def _source_keys(who: Trier) -> list[tuple[str, int]]:
    """The counts of where somebody comes from, each with how many wrong passwords are free."""
    if who.household == THIS_MACHINE:
        return []
    around = wider(who.source_ip)
    near = (_source_key(who.household), domain.FREE_TRIES_PER_SOURCE)
    return [near, (_source_key(around), domain.FREE_TRIES_PER_NEIGHBOURHOOD)] if around else [near]


def _source_key(place: str) -> str:
    return f"source#{_hash(place)}"


def _hash(whose: str) -> str:
    return hashlib.sha256(whose.encode()).hexdigest()

"""What somebody may still ask for: every request and every frame is paid out of purses.

An actor has one, and so have its workspace (strangers, proved customers and team apart, so that a
flood of one doesn't keep the others out) and, for those who are no operators, the place that they
come from.
A request is paid out of all of them or refused. This costs some microseconds and no round trip;
who spends much is told to the other processes: see docs/decisions/0013-budgets.md.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.edge import purses
from chalicelib.edge.purses import Purse
from chalicelib.kit.actors import Actor, Operator, Visitor
from chalicelib.kit.addresses import THIS_MACHINE, household, wider
from chalicelib.kit.problems import TooMany
from chalicelib.platform.config import config
from chalicelib.platform.tables import spending

_OWNERS_KNOWN = 50_000
"""In one process; some 10 MB. Who was forgotten has a full purse, as who waited has."""

_SLACK = 0.001
"""Seconds: instants are floats, and what is just enough must be enough."""

Owned = tuple[Purse, str]


@dataclass(slots=True)
class _Account:
    """What is known of one purse. Instants are seconds since 1970: processes share windows."""

    full_at: float = 0.0
    shut_until: float = 0.0
    window: int = 0
    untold: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a purse stands: units left and seconds until it is full."""

    purse: Purse
    remaining: int
    seconds: int

    @property
    def policy(self) -> tuple[int, int]:
        """The units of a full purse, and the seconds in which an empty one fills."""
        bucket = self.purse.bucket
        return int(bucket.size * config().limits), math.ceil(bucket.window)


_accounts: OrderedDict[tuple[str, str], _Account] = OrderedDict()
_lock = threading.Lock()


def pay_request(actor: Actor, source: str, cost: int, *, stores: bool) -> Standing | None:
    """Pay for a request; how the caller's own purse stands then, None where there is no limit.

    `source` is the address it comes from; `stores` says that it makes something that stays.

    Raises:
        TooMany: Somebody's purse doesn't hold as much.
    """
    own = _own(actor, purses.VISITOR, purses.OPERATOR)
    accounts = [*own, *_shared_accounts(actor, source)]
    if stores and isinstance(actor, Visitor):
        accounts.append((purses.STORAGE, _name(actor)))
        accounts += _place_accounts(source, purses.STORAGE_OF_SOURCE, purses.STORAGE_OF_NETWORK)
    _pay(accounts, cost)
    return _standing(*accounts[0]) if accounts and config().limits else None


def pay_frame(actor: Actor, source: str, cost: int) -> None:
    """Pay for a frame. Raises TooMany."""
    own = _own(actor, purses.VISITOR_FRAMES, purses.OPERATOR_FRAMES)
    _pay([*own, *_shared_accounts(actor, source)], cost)


def may_be_told(connection_id: str) -> bool:
    """Whether a connection may have another problem: what it sends must not be multiplied."""
    return not _wait([(purses.PROBLEMS, connection_id)], 1)


def persists(connection_id: str) -> bool:
    """Note a frame that was refused for want of budget; whether there were too many of them.

    Once said, they are counted anew: what is still on its way isn't told again.
    """
    if not _wait([(purses.PATIENCE, connection_id)], 1):
        return False
    with _lock:
        _accounts.pop((purses.PATIENCE.name, connection_id), None)
    return True


def may_be_shown(workspace_id: str) -> bool:
    """Whether one more hint about visitors may go to all who watch a workspace's."""
    return not _wait([(purses.PRESENCE, workspace_id)], 1)


def may_be_summed_up(workspace_id: str) -> bool:
    """Whether it is time to say that there was more than could be shown."""
    return not _wait([(purses.SUMMARIES, workspace_id)], 1)


def forget_all() -> None:
    """Everybody's purse is full again (for tests)."""
    with _lock:
        _accounts.clear()


def _own(actor: Actor, visitors: Purse, operators: Purse) -> list[Owned]:
    if isinstance(actor, Visitor):
        return [(visitors, _name(actor))]
    return [(operators, _name(actor))] if isinstance(actor, Operator) else []


def _shared_accounts(actor: Actor, source: str) -> list[Owned]:
    if isinstance(actor, Operator):
        return [(purses.TEAM, actor.workspace_id)]
    # Anybody can be as many strangers as they like, from as many places as they have.
    proved = isinstance(actor, Visitor) and actor.verified
    theirs = purses.PROVED if proved else purses.CUSTOMERS
    of_workspace = [(theirs, actor.workspace_id)] if actor.workspace_id else []
    return [*_place_accounts(source, purses.SOURCE, purses.NETWORK), *of_workspace]


def _place_accounts(source: str, near: Purse, wide: Purse) -> list[Owned]:
    """What this machine itself asks for has no limit by its place: it is its owner, or a proxy
    that hides who asks, and then one would keep all others out."""
    place, around = household(source), wider(source)
    if place == THIS_MACHINE:
        return []
    return [(near, place), (wide, around)] if around else [(near, place)]


def _name(actor: Actor) -> str:
    return f"{actor.workspace_id}#{actor.id}"


def _pay(owned: Sequence[Owned], cost: int) -> None:
    wait = _wait(owned, cost)
    if wait:
        raise TooMany(
            "Too much at once; wait a little", retry_after=math.ceil(min(wait, purses.DAY))
        )


def _wait(owned: Sequence[Owned], cost: float) -> float:
    """Pay out of all purses, or none: 0, or the seconds after which it would be worth trying."""
    factor = config().limits
    if not factor:
        return 0.0
    cost, now = cost / factor, time.time()
    with _lock:
        accounts = [_account(purse, owner, now) for purse, owner in owned]
        after = [
            purse.bucket.spend(account.full_at, cost, now)
            for (purse, _), account in zip(owned, accounts, strict=True)
        ]
        wait = 0.0
        for (purse, _), account, full_at in zip(owned, accounts, after, strict=True):
            wait = max(wait, purse.bucket.wait(full_at, now), account.shut_until - now)
        if wait > _SLACK:
            return wait
        for account, full_at in zip(accounts, after, strict=True):
            account.full_at = full_at
        telling = [
            (purse, owner, account, units)
            for (purse, owner), account in zip(owned, accounts, strict=True)
            if purse.step and (units := _to_tell(purse, account, cost, now))
        ]
    for purse, owner, account, units in telling:
        _tell(purse, owner, account, units, now)
    return 0.0


def _account(purse: Purse, owner: str, now: float) -> _Account:
    """Nothing in it is further ahead than a window, unless the clock was set back meanwhile."""
    key = (purse.name, owner)
    account = _accounts.get(key)
    if account is None:
        account = _accounts[key] = _Account()
        if len(_accounts) > _OWNERS_KNOWN:
            _accounts.popitem(last=False)
    else:
        _accounts.move_to_end(key)
        latest = now + purse.bucket.window
        account.full_at = min(account.full_at, latest)
        account.shut_until = min(account.shut_until, latest)
    return account


def _to_tell(purse: Purse, account: _Account, cost: float, now: float) -> float:
    """Units that other processes ought to know of by now, mostly 0."""
    window = int(now // purse.bucket.window)
    if account.window != window:
        account.window, account.untold = window, 0.0
    account.untold += cost
    if account.untold < purse.step:
        return 0.0
    units, account.untold = account.untold, 0.0
    return units


def _tell(purse: Purse, owner: str, account: _Account, units: float, now: float) -> None:
    window = int(now // purse.bucket.window)
    ends = (window + 1) * purse.bucket.window
    total = spending.add(purse.name, owner, window, math.ceil(units), math.ceil(ends) + 60)
    if total >= 2 * purse.bucket.size:
        account.shut_until = ends


def _standing(purse: Purse, owner: str) -> Standing:
    now, factor = time.time(), config().limits
    with _lock:
        full_at = _account(purse, owner, now).full_at
    return Standing(
        purse,
        round(purse.bucket.balance(full_at, now) * factor),
        math.ceil(max(0.0, full_at - now)),
    )

"""How many mails go out in a day, from the whole deployment.

Each purpose has a share of its own, so that whoever uses up the invitations keeps nobody from a new
password. Counted durably, by the day of UTC.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.auth import throttle
from chalicelib.platform.config import config

log = logging.getLogger("foyer.mail")

Purpose = Literal["invitation", "reset", "verification"]

SHARES: dict[Purpose, float] = {"invitation": 0.5, "reset": 0.3, "verification": 0.2}
DAY = timedelta(days=1)
_KIND = "mails"


def spend(purpose: Purpose, now: datetime) -> bool:
    """Count one mail. False when today's are spent. One write unit."""
    limit = max(1, int(config().mails_per_day * SHARES[purpose]))
    remaining = throttle.spend(_KIND, purpose, limit, DAY, now)
    if not remaining:
        log.error("mails of this day are spent: %s, %d (FOYER_MAILS_PER_DAY)", purpose, limit)
    return remaining


def give_back(purpose: Purpose, now: datetime) -> None:
    """The mail that was counted at `now` wasn't sent. One write unit."""
    throttle.give_back(_KIND, purpose, DAY, now)


def seconds_until_tomorrow(now: datetime) -> int:
    """Whole seconds until counting begins anew."""
    day = int(DAY.total_seconds())
    return day - int(now.timestamp()) % day

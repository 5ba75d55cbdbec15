"""What conversations do by the clock: wake what was snoozed until now."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from chalicelib.conversations import service, store
from chalicelib.kit import instants

log = logging.getLogger("foyer.conversations")

_AT_ONCE = 8
_ONE_RUN = 5_000


def wake_snoozed(now: datetime) -> int:
    """Open everything whose snooze has ended, oldest first. Returns how many were opened.

    Two read units when nothing is due, whatever is snoozed. Running twice, late or at the same
    time as another run wakes each conversation once: the row's version decides. One that fails
    is left for the next run and keeps none of the others.
    """
    due = [
        pair
        for shard in range(store.DUE_SHARDS)
        for pair in store.due_before(shard, instants.shown(now), _ONE_RUN)
    ]
    if not due:
        return 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return sum(pool.map(lambda pair: _woken(pair[0], pair[1], now), due))


def _woken(workspace_id: str, conversation_id: str, now: datetime) -> bool:
    try:
        return service.wake(workspace_id, conversation_id, now)
    except Exception:
        log.exception("%s could not be woken", conversation_id)
        return False

"""Whether the tables can be asked, found out at most once a second per process.

Health is asked by anybody and often, by balancers and by strangers: a flood of it costs half a
read unit a second, and a dead engine holds up one of the askers and not all.
"""

from __future__ import annotations

import threading
from time import monotonic

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform import transport
from chalicelib.platform.config import table_name

LIFE = 1.0
"""Seconds for which an answer is good."""
PATIENCE = 2.0
"""Seconds after which an engine that doesn't answer counts as away."""

_asking = threading.Lock()
_cached: tuple[float, bool] | None = None


def tables_answer() -> bool:
    """Whether a row can be read. Half a read unit, or nothing; who finds another asking is told
    what was known before."""
    global _cached
    cached = _cached
    if cached is not None and (monotonic() < cached[0] or not _asking.acquire(blocking=False)):
        return cached[1]
    if cached is None:
        _asking.acquire()
    try:
        answer = _ask()
        _cached = (monotonic() + LIFE, answer)
    finally:
        _asking.release()
    return answer


def forget() -> None:
    """Ask again on next use (tests that change the engine under us)."""
    global _cached
    _cached = None


def _ask() -> bool:
    row = {"TableName": table_name("attempts"), "Key": {"id": {"S": "health"}}}
    try:
        transport.call("GetItem", row, budget=PATIENCE)
    except (BotoCoreError, ClientError):
        return False
    return True

"""Sending frames to connections, and telling who missed one that it did.

A frame that can't be delivered in time is given up: the socket is a hint. The connection is
remembered in this process, and its next frame is preceded by `{"type": "gap"}`, on which a client
fetches what it may have missed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from chalicelib.edge import wire
from chalicelib.edge.frames import GapFrame
from chalicelib.platform import sockets
from chalicelib.platform.sockets import Posted

_GAP = wire.encode(GapFrame())
_REMEMBERED = 20_000

_missed: dict[str, None] = {}
_lock = threading.Lock()


def reach_all(connection_ids: Iterable[str], frame: bytes) -> dict[str, Posted]:
    """Send a frame to many, within some seconds; what became of it, by connection."""
    ids = tuple(connection_ids)
    if behind := [one for one in ids if one in _missed]:
        _record(sockets.post_all(behind, _GAP))
    posted = sockets.post_all(ids, frame)
    _record({one: outcome for one, outcome in posted.items() if outcome is not Posted.SENT})
    return posted


def reach(connection_id: str, frame: bytes) -> Posted:
    """Send a frame to one."""
    return reach_all([connection_id], frame)[connection_id]


def _record(posted: dict[str, Posted]) -> None:
    with _lock:
        for one, outcome in posted.items():
            if outcome in (Posted.REFUSED, Posted.LATE):
                _missed[one] = None
            else:
                _missed.pop(one, None)
        while len(_missed) > _REMEMBERED:
            del _missed[next(iter(_missed))]

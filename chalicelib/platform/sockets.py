"""Sending to open sockets, through API Gateway's management API (or its local twin)."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import lru_cache

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform import observability, sdk, transport
from chalicelib.platform.config import config
from chalicelib.platform.observability import Metric
from chalicelib.platform.observability.failures import describe

log = logging.getLogger("foyer.sockets")

_AT_ONCE = 64
_LANES = 8
"""Posts of one frame at a time."""
_TURN = 16
FAN_OUT = 5.0
"""Seconds for all who are to have a frame."""
_GONE = 410


class Posted(Enum):
    """What became of a frame: a refused one (429, 413, 5xx) was tried again in vain, and there was
    no time left for a late one."""

    SENT = "sent"
    GONE = "gone"
    REFUSED = "refused"
    LATE = "late"


_METRICS = {
    Posted.SENT: Metric.POSTS_SENT,
    Posted.GONE: Metric.POSTS_GONE,
    Posted.REFUSED: Metric.POSTS_REFUSED,
    Posted.LATE: Metric.POSTS_REFUSED,
}


def post(connection_id: str, frame: bytes) -> Posted:
    """Send one frame (at most 128 kB) to a connection."""
    posted = _post(connection_id, frame)
    _count([posted])
    return posted


def _post(connection_id: str, frame: bytes) -> Posted:
    url = transport.connection_url(config().socket_endpoint, connection_id)
    status = transport.post_signed(url, frame)
    if status == _GONE:
        return Posted.GONE
    if status >= 300:
        log.error("a frame was refused with %d", status)
        return Posted.REFUSED
    return Posted.SENT


def post_all(connection_ids: Iterable[str], frame: bytes) -> dict[str, Posted]:
    """Send one frame to many, in parallel but bounded; what became of it, by connection.

    Frames to different audiences take turns. Whoever isn't reached within some seconds is left
    out: later, it is no use.

    Raises:
        BotoCoreError: The endpoint could not be reached for anybody.
    """
    ids = tuple(connection_ids)
    if len(ids) <= 1:
        return {one: post(one, frame) for one in ids}
    sending = _Sending(ids, frame)
    sending.start()
    return sending.result()


class _Sending:
    """One frame on its way to many: some lanes at a time, which begin anew after some posts each,
    so that a large audience keeps no smaller one waiting."""

    def __init__(self, ids: tuple[str, ...], frame: bytes) -> None:
        self._frame = frame
        self._remaining = deque(ids)
        self._outcomes = dict.fromkeys(ids, Posted.LATE)
        self._ends = time.monotonic() + FAN_OUT
        self._lanes = min(_LANES, len(ids))
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._trouble: BotoCoreError | None = None

    def start(self) -> None:
        for _ in range(self._lanes):
            _pool().submit(self._lane)

    def result(self) -> dict[str, Posted]:
        self._done.wait()
        _count(self._outcomes.values())
        late = sum(outcome is Posted.LATE for outcome in self._outcomes.values())
        if late:
            log.error("a frame came too late for %d of %d connections", late, len(self._outcomes))
        if self._trouble and not {Posted.SENT, Posted.GONE} & set(self._outcomes.values()):
            raise self._trouble
        return self._outcomes

    def _lane(self) -> None:
        more = False
        try:
            more = all(self._post_next() for _ in range(_TURN))
        finally:
            if more:
                _pool().submit(self._lane)
            else:
                self._end_lane()

    def _post_next(self) -> bool:
        """Post to the next who is left; False when nobody is, or no time."""
        if time.monotonic() > self._ends:
            return False
        try:
            one = self._remaining.popleft()
        except IndexError:
            return False
        self._post(one)
        return True

    def _end_lane(self) -> None:
        with self._lock:
            self._lanes -= 1
            if not self._lanes:
                self._done.set()

    def _post(self, one: str) -> None:
        try:
            self._outcomes[one] = _post(one, self._frame)
        except BotoCoreError as error:
            log.warning("a connection could not be reached: %s", describe(error))
            self._trouble, self._outcomes[one] = error, Posted.REFUSED


def _count(posted: Iterable[Posted]) -> None:
    for became, number in Counter(posted).items():
        observability.count(_METRICS[became], number)


def close(connection_id: str) -> None:
    """End a connection; nothing happens if it is gone already."""
    management = sdk.client("apigatewaymanagementapi", endpoint_url=config().socket_endpoint)
    try:
        management.delete_connection(ConnectionId=connection_id)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != _GONE:
            raise


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sockets")

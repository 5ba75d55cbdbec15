"""Where handlers run: a bounded pool of threads behind a bounded, fair queue.

The application's handlers are synchronous, as Lambda calls them. Each caller has a lane of its own,
and lanes take turns: who sends four hundred requests at once waits for them, and nobody else does.
A lane is named by what a caller says, which may be anything, so the places that they come from take
turns before: four hundred names of one place are one in the others' way.
Nor do they ever get more than half of the threads. Where `rest` says so, each thread rests before
it takes the next call: turns go on, only slower. A full queue refuses at once rather than make
everybody wait longer than API Gateway would, the last of the longest lane first.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from chalicelib.kit.addresses import neighbourhood
from infra.local.gateway.lanes import Lanes

WAITING_LIMIT = 512
"""Calls that may wait for a thread: half a second's worth at a thousand requests a second."""

Work = Callable[[], Any]


def lane_of(source_ip: str, name: str) -> str:
    """The lane of one caller, of those who come from an address."""
    return f"{neighbourhood(source_ip)}\n{name}"


def _place(lane: str) -> str:
    return lane.partition("\n")[0]


def _never() -> float:
    return 0.0


class Busy(Exception):
    """As many calls wait already as may wait."""


class Workers:
    """Threads that run synchronous calls for the event loop. Call `start` inside the loop.

    `rest` says for how many seconds a thread is to rest before it takes a call.
    """

    def __init__(
        self,
        count: int,
        waiting_limit: int = WAITING_LIMIT,
        *,
        rest: Callable[[], float] = _never,
        name: str = "handler",
    ) -> None:
        self._count = count
        self._rest = rest
        self._name = name
        self._limit = count + waiting_limit
        self._pending = 0
        self._lanes: Lanes[tuple[Work, asyncio.Future[Any]]] = Lanes(max(1, count // 2), _place)
        self._threads: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._threads = [
            threading.Thread(target=self._work, name=f"{self._name}-{number}", daemon=True)
            for number in range(self._count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Work, lane: str) -> asyncio.Future[Any]:
        """A future of what `work` returns or raises. Giving it up doesn't interrupt the work.

        Raises:
            Busy: Too many wait already, and none of them in a longer lane. Also in the future, when
                somebody from a shorter lane came later.
        """
        if self._loop is None or (self._pending >= self._limit and not self._make_room(lane)):
            raise Busy()
        self._pending += 1
        future: asyncio.Future[Any] = self._loop.create_future()
        self._lanes.put(lane, (work, future))
        return future

    @property
    def pending(self) -> int:
        """How many calls run or wait."""
        return self._pending

    def stop(self) -> None:
        """Let the threads end once they have done what was given to them."""
        self._lanes.end(len(self._threads))

    def _next(self) -> tuple[str, tuple[Work, asyncio.Future[Any]]] | None:
        seconds = self._rest()
        if seconds > 0:
            time.sleep(seconds)
        return self._lanes.take()

    def _make_room(self, lane: str) -> bool:
        pushed = self._lanes.evict(lane)
        if pushed is not None:
            self._done(pushed[1], None, Busy())
        return pushed is not None

    def _work(self) -> None:
        while (job := self._next()) is not None:
            lane, (work, future) = job
            failure: BaseException | None = None
            value = None
            try:
                value = work()
            except BaseException as error:
                failure = error
            self._lanes.done(lane)
            try:
                future.get_loop().call_soon_threadsafe(self._done, future, value, failure)
            except RuntimeError:  # the loop has ended, so nobody waits any more
                return

    def _done(self, future: asyncio.Future[Any], value: Any, failure: BaseException | None) -> None:
        self._pending -= 1
        if future.done():  # given up: its request timed out
            return
        if failure is None:
            future.set_result(value)
        else:
            future.set_exception(failure)

"""A queue that is fair: jobs wait in lanes, and the lanes take turns.

Who fills a lane makes only itself wait. Ordinary queues wake threads quicker than condition
variables do, so one of those carries a token for each job that may be taken.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Lanes(Generic[T]):
    """Jobs by lane, `at_once` of each lane at most being done. Safe to share among threads."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._tokens: SimpleQueue[bool] = SimpleQueue()
        self._lock = threading.Lock()
        self._turns: OrderedDict[str, deque[T]] = OrderedDict()
        self._full: dict[str, deque[T]] = {}
        self._running: dict[str, int] = {}
        # Tokens that met no free lane; waiting jobs = tokens in the queue + these. Below 0: tokens
        # whose jobs were pushed out.
        self._vain = 0

    def put(self, lane: str, job: T) -> None:
        """Let a job wait at the end of its lane."""
        with self._lock:
            jobs = self._turns.get(lane)
            if jobs is None:
                jobs = self._full.get(lane)
            if jobs is None:
                jobs = self._place(lane)[lane] = deque()
            jobs.append(job)
        self._tokens.put(True)

    def take(self, *, wait: bool = True) -> tuple[str, T] | None:
        """The next job and its lane, to be given back by `done`; None when there will be none.

        Without `wait`, None also when there is none now.
        """
        while True:
            try:
                if not self._tokens.get(block=wait):
                    return None
            except Empty:
                return None
            with self._lock:
                if not self._turns:
                    self._vain += 1
                    continue
                lane, jobs = self._turns.popitem(last=False)
                job = jobs.popleft()
                self._running[lane] = self._running.get(lane, 0) + 1
                if jobs:
                    self._place(lane)[lane] = jobs
                return lane, job

    def done(self, lane: str) -> None:
        """A job of this lane is done."""
        with self._lock:
            self._running[lane] -= 1
            if not self._running[lane]:
                del self._running[lane]
            jobs = self._full.pop(lane, None)
            if jobs:
                self._turns[lane] = jobs
            if self._vain <= 0:
                return
            self._vain -= 1
        self._tokens.put(True)

    def push_out(self, lane: str) -> T | None:
        """Take the last job of the longest lane, to make room in a shorter one; None if it isn't.

        Looks at every lane.
        """
        with self._lock:
            everywhere = {**self._turns, **self._full}
            longest = max(everywhere, key=lambda one: len(everywhere[one]), default=lane)
            if len(everywhere.get(longest, ())) <= len(everywhere.get(lane, ())) + 1:
                return None
            job = everywhere[longest].pop()
            self._vain -= 1  # its token finds nobody, or did so before
        return job

    def waiting(self, lane: str) -> int:
        """How many jobs wait in a lane."""
        with self._lock:
            return len(self._turns.get(lane) or self._full.get(lane) or ())

    def end(self, takers: int) -> None:
        """Tell those who take jobs that there will be none, once they have done what waits."""
        for _ in range(takers):
            self._tokens.put(False)

    def _place(self, lane: str) -> dict[str, deque[T]]:
        return self._full if self._running.get(lane, 0) >= self._at_once else self._turns

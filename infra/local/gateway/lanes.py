"""A queue that is fair: jobs wait in lanes, and the lanes take turns.

Who fills a lane makes only itself wait. Lanes lie in places, which take turns first, so that
whoever can name as many lanes as they like gains nothing over others by that. Ordinary queues wake
threads quicker than condition variables do, so one of those carries a token for each job that may
be taken.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


def _own_place(lane: str) -> str:
    return lane


class Lanes(Generic[T]):
    """Jobs by lane, `at_once` of each lane at most being done. Safe to share among threads.

    `place_of` tells in which place a lane lies; where it isn't given, each is one of its own.
    """

    def __init__(self, at_once: int, place_of: Callable[[str], str] = _own_place) -> None:
        self._at_once = at_once
        self._place_of = place_of
        self._tokens: SimpleQueue[bool] = SimpleQueue()
        self._lock = threading.Lock()
        # By place, then by lane: the first of the first is next.
        self._turns: OrderedDict[str, OrderedDict[str, deque[T]]] = OrderedDict()
        self._full: dict[str, deque[T]] = {}
        self._running: dict[str, int] = {}
        # Tokens that met no free lane; waiting jobs = tokens in the queue + these. Below 0: tokens
        # whose jobs were pushed out.
        self._vain = 0

    def put(self, lane: str, job: T) -> None:
        """Let a job wait at the end of its lane."""
        with self._lock:
            jobs = self._jobs(lane)
            if jobs:
                jobs.append(job)
            else:
                self._let_wait(lane, deque([job]))
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
                lane, jobs = self._next()
                job = jobs.popleft()
                self._running[lane] = self._running.get(lane, 0) + 1
                if jobs:
                    self._let_wait(lane, jobs)
                return lane, job

    def done(self, lane: str) -> None:
        """A job of this lane is done."""
        with self._lock:
            self._running[lane] -= 1
            if not self._running[lane]:
                del self._running[lane]
            jobs = self._full.pop(lane, None)
            if jobs:
                self._let_wait(lane, jobs)
            if self._vain <= 0:
                return
            self._vain -= 1
        self._tokens.put(True)

    def evict(self, lane: str) -> T | None:
        """Take the last job of the longest lane, to make room in a shorter one; None if it isn't.

        Looked for in the place with most jobs, or in the lane's own if that has as many. Looks at
        every lane.
        """
        with self._lock:
            lengths = self._lengths()
            places: Counter[str] = Counter()
            for each, length in lengths.items():
                places[self._place_of(each)] += length
            mine = self._place_of(lane)
            crowded = max(places, key=places.__getitem__, default=mine)
            if places[crowded] <= places[mine] + 1:
                crowded = mine
            there = [each for each in lengths if self._place_of(each) == crowded]
            longest = max(there, key=lengths.__getitem__, default=lane)
            if crowded == mine and lengths.get(longest, 0) <= lengths.get(lane, 0) + 1:
                return None
            job = self._taken_off(longest)
            self._vain -= 1  # its token finds nobody, or did so before
        return job

    def waiting(self, lane: str) -> int:
        """How many jobs wait in a lane."""
        with self._lock:
            return len(self._jobs(lane))

    def end(self, takers: int) -> None:
        """Tell those who take jobs that there will be none, once they have done what waits."""
        for _ in range(takers):
            self._tokens.put(False)

    def _jobs(self, lane: str) -> deque[T]:
        here: Mapping[str, deque[T]] = self._turns.get(self._place_of(lane), {})
        return here.get(lane) or self._full.get(lane) or deque()

    def _let_wait(self, lane: str, jobs: deque[T]) -> None:
        """At the end of its place, or aside while as many of it are being done as may be."""
        if self._running.get(lane, 0) >= self._at_once:
            self._full[lane] = jobs
        else:
            self._turns.setdefault(self._place_of(lane), OrderedDict())[lane] = jobs

    def _next(self) -> tuple[str, deque[T]]:
        place, here = self._turns.popitem(last=False)
        lane, jobs = here.popitem(last=False)
        if here:
            self._turns[place] = here
        return lane, jobs

    def _lengths(self) -> dict[str, int]:
        turns = {lane: len(jobs) for here in self._turns.values() for lane, jobs in here.items()}
        return {**turns, **{lane: len(jobs) for lane, jobs in self._full.items()}}

    def _taken_off(self, lane: str) -> T:
        """The last job of a lane, which goes with its last."""
        jobs = self._jobs(lane)
        job = jobs.pop()
        if not jobs:
            self._full.pop(lane, None)
            here = self._turns.get(self._place_of(lane), OrderedDict())
            here.pop(lane, None)
            if not here:
                self._turns.pop(self._place_of(lane), None)
        return job

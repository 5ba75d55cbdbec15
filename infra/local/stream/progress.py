"""How far a stream is done with, when its records are done in any order."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence


class Progress:
    """What was begun and what of it is done, by shard. For one thread at a time.

    `undone` counts what was begun and may still stand before something that is done.
    """

    def __init__(self) -> None:
        self._running: dict[str, deque[str]] = {}
        self._done: dict[str, set[str]] = {}

    @property
    def undone(self) -> int:
        return sum(len(each) for each in self._running.values())

    def begin(self, shard: str, numbers: Sequence[str]) -> None:
        """These records, by their sequence numbers, come next."""
        self._running.setdefault(shard, deque()).extend(numbers)
        self._done.setdefault(shard, set())

    def end(self, shard: str, numbers: Sequence[str]) -> str | None:
        """These are done; the last before which nothing is undone, None if that is none of late."""
        running, done = self._running[shard], self._done[shard]
        done.update(numbers)
        reached = None
        while running and running[0] in done:
            reached = running.popleft()
            done.remove(reached)
        return reached

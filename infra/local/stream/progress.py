"""How far a stream is done with, when its records are done in any order."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence


class Progress:
    """What was begun and what of it is done, by shard. For one thread at a time.

    `undone` counts what was begun and may still stand before something that is done.
    """

    def __init__(self) -> None:
        self._begun: dict[str, deque[str]] = {}
        self._done: dict[str, set[str]] = {}

    @property
    def undone(self) -> int:
        return sum(len(each) for each in self._begun.values())

    def begin(self, shard: str, numbers: Sequence[str]) -> None:
        """These records, by their sequence numbers, come next."""
        self._begun.setdefault(shard, deque()).extend(numbers)
        self._done.setdefault(shard, set())

    def end(self, shard: str, numbers: Sequence[str]) -> str | None:
        """These are done; the last before which nothing is undone, None if that is none of late."""
        begun, done = self._begun[shard], self._done[shard]
        done.update(numbers)
        reached = None
        while begun and begun[0] in done:
            reached = begun.popleft()
            done.remove(reached)
        return reached

"""Values kept for some seconds in this process, so that hot paths don't read them every time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """At most `size` values, each for at most `life` seconds; the longest unused one leaves first.

    Safe to share among threads. What is forgotten while it is being loaded is not kept, so a
    change made in this process is seen by the next `recall`, whatever runs beside it.
    """

    def __init__(self, *, size: int, life: float) -> None:
        self._size = size
        self._life = life
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._changes = 0
        self._lock = threading.Lock()

    def recall(self, key: K, load: Callable[[], V]) -> V:
        """The value of `key`, from `load` when it isn't held. What `load` raises is not kept."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and time.monotonic() < entry[0]:
                self._entries.move_to_end(key)
                return entry[1]
            changes = self._changes
        value = load()
        with self._lock:
            if self._changes == changes:
                self._entries[key] = (time.monotonic() + self._life, value)
                self._entries.move_to_end(key)
                while len(self._entries) > self._size:
                    self._entries.popitem(last=False)
        return value

    def forget(self, key: K) -> None:
        """Load `key` again on next use."""
        with self._lock:
            self._changes += 1
            self._entries.pop(key, None)

    def forget_where(self, concerned: Callable[[K], bool]) -> None:
        """Load every key again for which `concerned` is true. Looks at all of them."""
        with self._lock:
            self._changes += 1
            for key in [key for key in self._entries if concerned(key)]:
                del self._entries[key]

"""Token buckets in one number each (the generic cell rate algorithm, ITU-T I.371).

What is kept of a bucket is only the instant at which it will be full again: spending moves it on,
time passing brings it nearer, and nothing has to run in between.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """Holds `size` units and gains `rate` units a second."""

    size: float
    rate: float

    @property
    def window(self) -> float:
        """Seconds in which an empty bucket fills."""
        return self.size / self.rate

    def spend(self, full_at: float, cost: float, now: float) -> float:
        """When it is full again after spending `cost`, which may be more than it has (`wait`).

        What costs more than it can hold is paid with all of it.
        """
        return max(full_at, now) + min(cost, self.size) / self.rate

    def wait(self, full_at: float, now: float) -> float:
        """Seconds until a spending that leads to `full_at` is covered; 0 when it is now."""
        return max(0.0, full_at - now - self.window)

    def balance(self, full_at: float, now: float) -> float:
        """Units in it."""
        return self.size - min(self.size, max(0.0, full_at - now) * self.rate)

"""How late events are, and how long whoever writes rests for it.

Where all runs on two cores, requests would take what events need: the more is written, the later
anybody sees it. So writes are slowed, never refused, before events are a second behind.
"""

from __future__ import annotations

import time

SOON = 0.1
"""Seconds that an event may take before anybody rests: with less, nothing is slowed."""
LONGEST = 1.0
"""A writer's longest rest, in seconds: sixteen of them still write 16 times a second."""
_STEEPNESS = 0.5
_FRESH = 2.0


class Lateness:
    """The last event's, in seconds. One writer at a time is no condition: any may be the last.

    Only what went smoothly is noted, and for two seconds: what fails or hangs says nothing of how
    busy the machine is, and must not slow those whom it doesn't concern.
    """

    def __init__(self) -> None:
        self._noted = (0.0, 0.0)

    def note(self, seconds: float) -> None:
        self._noted = (time.monotonic(), seconds)

    def seconds(self) -> float:
        noted_at, seconds = self._noted
        return seconds if time.monotonic() - noted_at < _FRESH else 0.0


def rest_for(late: float) -> float:
    """Seconds to rest before the next write."""
    return min(LONGEST, max(0.0, late - SOON) * _STEEPNESS)

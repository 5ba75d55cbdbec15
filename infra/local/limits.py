"""API Gateway's and Lambda's limits, kept here so that nothing passes that AWS would refuse.

Sources: "Quotas for configuring and running a REST API", "… a WebSocket API" (API Gateway
developer guide) and "Lambda quotas".
"""

from __future__ import annotations

from dataclasses import dataclass

KB = 1024
MB = 1024 * KB


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    request_seconds: float = 29.0
    request_body: int = 10 * MB
    invocation: int = 6 * MB
    """A synchronous invocation's payload, either way: what a function gets and what it answers."""
    frame: int = 32 * KB
    message: int = 128 * KB
    idle_seconds: float = 600.0
    life_seconds: float = 7200.0


AWS = Limits()

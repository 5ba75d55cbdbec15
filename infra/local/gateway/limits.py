"""API Gateway's and Lambda's limits, kept here so that nothing passes that AWS would refuse.

Sources: "Quotas for configuring and running a REST API", "… a WebSocket API" (API Gateway
developer guide) and "Lambda quotas". AWS tells no times for slow clients: those are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.kit.buckets import Bucket

KB = 1024
MB = 1024 * KB
_FRAMES = Bucket(200, 50)


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
    head_seconds: float = 10.0
    """For a request's line and headers; on a new connection also for their first byte."""
    receive_seconds: float = 30.0
    """For a request's body."""
    send_seconds: float = 30.0
    """For a client to take something of what waits to be sent to it."""
    head_bytes: int = 32 * KB
    connections: int = 8192
    waiting_connections: int = 1024
    """Connections kept without being served: idle, or in the middle of a request."""
    held_bodies: int = 256 * MB
    """All bodies together whose requests have not been answered."""
    frames: Bucket = _FRAMES
    """How many of one socket are read at once and a second; API Gateway has no such limit."""

    @property
    def sockets(self) -> int:
        """How many of all connections may be sockets: the rest is for requests."""
        return max(1, self.connections * 7 // 8)

    @property
    def sockets_of_a_place(self) -> int:
        """How many of all connections may be sockets from one place; API Gateway has no limit."""
        return max(1, self.connections // 4)


AWS = Limits()

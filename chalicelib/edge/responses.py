"""Problems as HTTP responses; apart from `answers`, for what needs no Chalice imports that."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.edge import wire
from chalicelib.edge.answers import ProblemOut


def problem(told: ProblemOut, headers: dict[str, str] | None = None) -> Response:
    """The HTTP answer for a problem."""
    waiting = {} if told.retry_after is None else {"Retry-After": str(told.retry_after)}
    return Response(
        wire.encode(told).decode(),
        {"Content-Type": "application/problem+json", **waiting, **(headers or {})},
        told.status,
    )

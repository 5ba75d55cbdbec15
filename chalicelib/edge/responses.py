"""Problems as HTTP responses; apart from `answers`, for what needs no Chalice imports that."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.edge import wire
from chalicelib.edge.answers import ProblemOut


def problem(body: ProblemOut, headers: dict[str, str] | None = None) -> Response:
    """The HTTP answer for a problem."""
    waiting = {} if body.retry_after is None else {"Retry-After": str(body.retry_after)}
    return Response(
        wire.encode(body).decode(),
        {"Content-Type": "application/problem+json", **waiting, **(headers or {})},
        body.status,
    )

"""Instants: aware UTC datetimes in Python, RFC 3339 with milliseconds and `Z` elsewhere.

The written form has a fixed length, so text order is time order and it can be a sort key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

Instant = Annotated[
    str,
    msgspec.Meta(
        description="UTC instant, RFC 3339 with milliseconds",
        examples=["2026-01-31T09:30:00.000Z"],
        extra_json_schema={"format": "date-time"},
    ),
]


def to_text(instant: datetime) -> str:
    """`2026-01-31T09:30:00.000Z`; the datetime must be aware."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def to_text_or_none(instant: datetime | None) -> str | None:
    """Like `to_text`, for what may be unset."""
    return None if instant is None else to_text(instant)


def from_text(text: str) -> datetime:
    """The inverse of `to_text`. Raises ValueError for anything that isn't an aware instant."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return instant.astimezone(UTC)


def from_text_or_none(text: str | None) -> datetime | None:
    """Like `from_text`, for what may be unset."""
    return None if text is None else from_text(text)


def now() -> datetime:
    """The present, to the millisecond: what is stored and what is compared are the same."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)

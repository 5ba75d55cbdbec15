"""Lists: `{"data": […], "next_cursor": "…" | null}`, `?limit=` and `?cursor=`."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

import msgspec

from chalicelib.edge.wire import Input, Output

T = TypeVar("T")

Limit = Annotated[int, msgspec.Meta(ge=1, le=100, description="Rows in a page")]
Cursor = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=2048, description="`next_cursor` of the page before"),
]


class Page(Output, Generic[T]):
    """One page of a list; `next_cursor` is null at its end."""

    data: list[T]
    next_cursor: str | None = None


class PageQuery(Input):
    """How much of a list, and from where."""

    limit: Limit = 25
    cursor: Cursor | None = None

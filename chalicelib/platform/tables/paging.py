"""Taking a page out of a longer reading, without reading without end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

R = TypeVar("R")

WINDOW = 2_000
"""How many rows one request looks at, at most: some 150 read units, well under a second."""


def page_of(
    rows: Iterable[R],
    limit: int,
    keep: Callable[[R], bool] = lambda _: True,
    *,
    window: int = WINDOW,
) -> tuple[list[R], R | None]:
    """The first `limit` rows that `keep` lets through, and the row to go on after (None: the end).

    Looks at no more than `window` rows, so a page may be short, even empty, and yet not the last.
    """
    page: list[R] = []
    for place, row in enumerate(rows):
        if not keep(row):
            if place + 1 >= window:
                return page, row
            continue
        if len(page) == limit:
            return page, page[-1]
        page.append(row)
        if place + 1 >= window:
            return page, row
    return page, None

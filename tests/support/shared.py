"""Something dear that several folders' fixtures want: made once, closed by the last."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """`with shared as it:` enters what `make` makes for the first one, and leaves with the last."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make = make
        self._stack = ExitStack()
        self._made: list[T] = []
        self._users = 0

    def __enter__(self) -> T:
        if not self._users:
            self._made = [self._stack.enter_context(self._make())]
        self._users += 1
        return self._made[0]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._users -= 1
        if not self._users:
            self._stack.close()

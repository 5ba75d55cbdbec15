"""A piece of work at one of the doors: a request, a frame, a batch of events, a tick of the clock.

    with Work("http", "GET /v1/workspace", request_id) as work:
        work.by(actor)
        …
        work.line.status = 200

When it ends, one line says what it was and what it took (`forms.Line`), and what was counted in
it becomes one line of metrics.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter, time
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from chalicelib.kit.actors import Actor, ApiKey, Nobody, Operator, System, Visitor
from chalicelib.kit.problems import TooMany
from chalicelib.platform.observability import formatters, logs, metrics
from chalicelib.platform.observability.formatters import Line
from chalicelib.platform.observability.metrics import Metric
from chalicelib.platform.observability.observe import WRITES, Call, Tally, tally

P = ParamSpec("P")
R = TypeVar("R")

Figures = list[tuple[Metric, float]]
Listener = Callable[[Line, Figures], None]

_KINDS = {
    Nobody: "nobody", Operator: "operator", ApiKey: "api_key", Visitor: "visitor",
    System: "system",
}  # fmt: skip
_listeners: list[Listener] = []
_has_begun = False
log = logging.getLogger("foyer.work")


class Failed(Exception):
    """A piece of work that raised. What it raised was logged; its message goes no further, for
    Lambda would log that as well."""


class Work:
    """One piece of work; what is counted may come from several threads (`share`).

    `line` is what will be said of it: a door fills in what it knows.
    """

    __slots__ = ("_began", "_calls", "_figures", "_is_cold", "_token", "line")

    def __init__(self, door: str, name: str, request_id: str = "") -> None:
        self.line = Line(door=door, message=name, request_id=request_id)
        self._calls: list[Call] = []
        self._figures: Figures = []

    def by(self, actor: Actor) -> None:
        """Say whose work it is: of the actor its kind alone, and its workspace."""
        self.line.actor = _KINDS[type(actor)]
        self.line.workspace = actor.workspace_id

    def add(self, call: Call) -> None:
        """Count a call to DynamoDB."""
        self._calls.append(call)

    def count(self, metric: Metric, value: float = 1) -> None:
        """Count for the line of metrics."""
        self._figures.append((metric, value))

    def about(self) -> dict[str, str]:
        """What lines say that are logged meanwhile."""
        line = self.line
        fields = {"work": line.message, "workspace": line.workspace, "request_id": line.request_id}
        return {name: value for name, value in fields.items() if value}

    def __enter__(self) -> Self:
        global _has_begun
        self._is_cold, _has_begun = logs.settings.in_lambda and not _has_begun, True
        self._token = tally.set(self)
        self._began = perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seconds = perf_counter() - self._began
        tally.reset(self._token)
        if self._calls:
            self._sum_up()
        if self._figures:
            metrics.write(self._figures)
        level = logging.INFO if error is None and self.line.status < 500 else logging.WARNING
        is_flood = self.line.problem == TooMany.code
        is_wanted = self._is_cold or logs.wants(level, is_flood=is_flood)
        if is_wanted or _listeners:
            self._finish(seconds, level)
        if is_wanted:
            logs.write(self.line)
        for listener in _listeners:
            listener(self.line, self._figures)
        if isinstance(error, Exception) and not isinstance(error, ExceptionGroup):
            log.error("%s failed (%s)", self.line.message, self.line.request_id, exc_info=error)
            raise Failed(self.line.message) from None

    def _sum_up(self) -> None:
        line = self.line
        line.calls = len(self._calls)
        for call in self._calls:
            if call.operation in WRITES:
                line.write_units += call.units
            else:
                line.read_units += call.units
            if call.attempts > 1:
                line.retries += call.attempts - 1
        if line.retries:
            self.count(Metric.RETRIES, line.retries)

    def _finish(self, seconds: float, level: int) -> None:
        line = self.line
        line.level = "INFO" if level == logging.INFO else "WARNING"
        line.timestamp = formatters.instant(time())
        line.ms = round(seconds * 1000, 1)
        line.cold_start = self._is_cold


def current() -> Work | None:
    """The work that this context belongs to."""
    working: Tally | None = tally.get()
    return working if isinstance(working, Work) else None


def by(actor: Actor) -> None:
    """Say whose work this context's is."""
    if (working := current()) is not None:
        working.by(actor)


def name(name: str) -> None:
    """Say what this context's work is, where its door could not know yet."""
    if (working := current()) is not None:
        working.line.message = name


def refuse(problem: str) -> None:
    """Say by its code why this context's work was refused."""
    if (working := current()) is not None:
        working.line.problem = problem


def count(metric: Metric, value: float = 1) -> None:
    """Count for the work of this context; without any, write the figure at once."""
    working = current()
    if working is None:
        metrics.write([(metric, value)])
    else:
        working.count(metric, value)


def share(step: Callable[P, R]) -> Callable[P, R]:
    """`step` for other threads: what is counted in them belongs to the work of this one."""
    working = tally.get()

    def shared(*args: P.args, **kwargs: P.kwargs) -> R:
        token = tally.set(working)
        try:
            return step(*args, **kwargs)
        finally:
            tally.reset(token)

    return shared


@contextmanager
def listen(listener: Listener) -> Iterator[None]:
    """Tell `listener` of each piece of work that ends, in its own thread."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)

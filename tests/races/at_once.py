"""Many at once: sixteen threads that start on the same mark, round after round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, TypeVar

from chalicelib.platform.tables.outbox import OutboxRow
from tests.support.api import Answer
from tests.support.team import Team

THREADS = 16
ROUNDS = 50
T = TypeVar("T")

Together = Callable[[Sequence[Callable[[], T]]], list[T]]


@contextmanager
def racing() -> Iterator[Together[Any]]:
    """Gives a function that does up to `THREADS` things at the same moment; answers in order."""
    with ThreadPoolExecutor(THREADS) as pool:

        def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
            mark = Barrier(len(acts), timeout=10)

            def run(act: Callable[[], Any]) -> Any:
                mark.wait()
                return act()

            return list(pool.map(run, acts))

        yield together


def events_of(team: Team) -> list[OutboxRow]:
    """Everything that has happened in a workspace."""
    return list(OutboxRow.query(team.workspace_id, consistent_read=True))


def count_events(team: Team, conversation_id: str) -> Counter[str]:
    """How often each event happened to a conversation."""
    return Counter(row.name for row in events_of(team) if conversation_id in row.data)


def statuses(answers: list[Answer]) -> Counter[int]:
    """How often each HTTP status was answered."""
    return Counter(answer.status for answer in answers)


def texts_in_order(team: Team, conversation_id: str) -> list[tuple[int, str]]:
    """A conversation's messages as its operators read them, (seq, text)."""
    found: list[tuple[int, str]] = []
    while True:
        after = found[-1][0] if found else 0
        path = f"/v1/conversations/{conversation_id}/messages?limit=100&after_seq={after}"
        page = team.owner.get(path).ok()["data"]
        if not page:
            return found
        found += [(each["seq"], each["text"]) for each in page]

"""What is asked once for all events of a batch.

They were all written before the batch was read, so an answer that was got meanwhile is as new as
each of them, and so is whatever somebody fetches who came too late to be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

V = TypeVar("V")

_answers: ContextVar[dict[str, Any] | None] = ContextVar("batch", default=None)


@contextmanager
def batch(answers: dict[str, Any]) -> Iterator[None]:
    """What runs in this context reacts to the events of one batch, whose answers these are.

    Several threads may share them: two may ask the same at once, and one of their answers stays.
    """
    before = _answers.set(answers)
    try:
        yield
    finally:
        _answers.reset(before)


def once(key: str, ask: Callable[[], V]) -> V:
    """The answer for this batch, from `ask` if it is the first; outside of one always from `ask`.

    What `ask` raises is not kept.
    """
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    answer: V = answers[key]
    return answer


def correct(key: str, answer: object) -> None:
    """Put another answer in the place of one that turned out wrong; it mustn't be changed itself,
    for others may be reading it."""
    answers = _answers.get()
    if answers is not None and key in answers:
        answers[key] = answer


def ask_again(key: str, ask: Callable[[], V]) -> V:
    """The answer of this moment, for what was written after the batch was read."""
    del key
    return ask()

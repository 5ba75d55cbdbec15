"""Values held for some seconds."""

from __future__ import annotations

import threading
import time

import pytest

from chalicelib.kit.cache import Cache


def loader(loaded: list[str], key: str) -> str:
    loaded.append(key)
    return f"{key}{len(loaded)}"


def test_a_value_is_loaded_once_until_it_is_forgotten() -> None:
    loaded: list[str] = []
    held: Cache[str, str] = Cache(size=8, life=60)
    assert [held.recall("a", lambda: loader(loaded, "a")) for _ in range(3)] == ["a1"] * 3
    held.forget("a")
    assert held.recall("a", lambda: loader(loaded, "a")) == "a2"


def test_a_value_is_loaded_again_when_it_is_too_old() -> None:
    loaded: list[str] = []
    held: Cache[str, str] = Cache(size=8, life=0.02)
    held.recall("a", lambda: loader(loaded, "a"))
    deadline = time.monotonic() + 5
    while held.recall("a", lambda: loader(loaded, "a")) == "a1" and time.monotonic() < deadline:
        time.sleep(0.005)
    assert loaded == ["a", "a"]


def test_the_longest_unused_value_leaves_first() -> None:
    loaded: list[str] = []
    held: Cache[str, str] = Cache(size=2, life=60)

    def recall(key: str) -> None:
        held.recall(key, lambda: loader(loaded, key))

    for key in ("a", "b", "a", "c", "a", "b"):
        recall(key)
    assert loaded == ["a", "b", "c", "b"]


def test_only_what_is_concerned_is_forgotten() -> None:
    loaded: list[str] = []
    held: Cache[str, str] = Cache(size=8, life=60)

    def recall(key: str) -> None:
        held.recall(key, lambda: loader(loaded, key))

    for key in ("a1", "a2", "b1"):
        recall(key)
    held.forget_where(lambda key: key.startswith("a"))
    for key in ("a1", "a2", "b1"):
        recall(key)
    assert loaded == ["a1", "a2", "b1", "a1", "a2"]


def test_what_is_forgotten_while_it_is_loaded_is_not_kept() -> None:
    held: Cache[str, str] = Cache(size=8, life=60)
    reading, changed = threading.Event(), threading.Event()

    def slowly() -> str:
        reading.set()
        assert changed.wait(5)
        return "old"

    reader = threading.Thread(target=lambda: held.recall("a", slowly))
    reader.start()
    assert reading.wait(5)
    held.forget("a")
    changed.set()
    reader.join(5)
    assert held.recall("a", lambda: "new") == "new"


def test_a_failure_to_load_is_not_kept() -> None:
    held: Cache[str, str] = Cache(size=8, life=60)

    def failing() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        held.recall("a", failing)
    assert held.recall("a", lambda: "found") == "found"

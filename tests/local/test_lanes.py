"""Lanes take turns: who fills one makes only itself wait."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.gateway.lanes import Lanes
from infra.local.gateway.workers import Busy, Workers

R = TypeVar("R")


def run_apart(work: Coroutine[Any, Any, R]) -> R:
    """In a thread of its own: this one may have a browser's loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, work).result()


def _run(work: Coroutine[Any, Any, R]) -> R:
    return asyncio.run(work)


def drain(lanes: Lanes[Any]) -> list[Any]:
    """What is taken, one after the other, by one taker."""
    jobs = []
    while (taken := lanes.take(wait=False)) is not None:
        jobs.append(taken[1])
        lanes.done(taken[0])
    return jobs


def test_a_lane_keeps_its_order_and_lanes_take_turns() -> None:
    lanes: Lanes[str] = Lanes(at_once=1)
    for number in range(4):
        lanes.put("flood", f"flood {number}")
    lanes.put("ann", "ann 0")
    lanes.put("ann", "ann 1")
    lanes.put("bob", "bob 0")
    assert drain(lanes) == [
        "flood 0", "ann 0", "bob 0", "flood 1", "ann 1", "flood 2", "flood 3",
    ]  # fmt: skip


def test_of_a_full_lane_nothing_is_taken_until_something_of_it_is_done() -> None:
    lanes: Lanes[int] = Lanes(at_once=2)
    for number in range(4):
        lanes.put("a", number)
    assert [lanes.take(wait=False) for _ in range(3)] == [("a", 0), ("a", 1), None]
    lanes.put("b", 9)
    assert lanes.take(wait=False) == ("b", 9)
    lanes.done("a")
    assert [lanes.take(wait=False) for _ in range(2)] == [("a", 2), None]
    lanes.done("a")
    lanes.done("a")
    assert lanes.take(wait=False) == ("a", 3)


@pytest.mark.parametrize("places", [{}, {"a": "here", "b": "here", "d": "there"}])
@given(steps=st.lists(st.sampled_from(["put a", "put b", "put c", "take", "done", "push out"])))
def test_nothing_is_lost_and_nothing_comes_twice(places: dict[str, str], steps: list[str]) -> None:
    lanes: Lanes[int] = Lanes(at_once=2, place_of=lambda lane: places.get(lane, lane))
    put: list[int] = []
    came: list[int] = []
    running: list[str] = []
    for number, step in enumerate(steps):
        if step.startswith("put "):
            lanes.put(step[4:], number)
            put.append(number)
        elif step == "push out":
            pushed = lanes.evict("d")
            came += [] if pushed is None else [pushed]
        elif step == "take" and (taken := lanes.take(wait=False)):
            running.append(taken[0])
            came.append(taken[1])
        elif step == "done" and running:
            lanes.done(running.pop())
    for lane in running:
        lanes.done(lane)
    came += drain(lanes)
    assert Counter(came) == Counter(put)


def test_many_threads_take_everything_once() -> None:
    lanes: Lanes[int] = Lanes(at_once=3)
    came: list[int] = []

    def take() -> None:
        while (taken := lanes.take()) is not None:
            came.append(taken[1])
            lanes.done(taken[0])

    with ThreadPoolExecutor(8) as pool:
        takers = [pool.submit(take) for _ in range(8)]
        for number in range(2_000):
            lanes.put(f"lane {number % 7}", number)
        while len(came) < 2_000:
            threading.Event().wait(0.001)
        lanes.end(8)
        for taker in takers:
            taker.result(10)
    assert sorted(came) == list(range(2_000))


def test_a_flood_leaves_half_of_the_threads_and_its_turn_to_others() -> None:
    begun: list[str] = []
    lock, go = threading.Lock(), threading.Event()

    def job(name: str) -> Callable[[], str]:
        def work() -> str:
            with lock:
                begun.append(name)
            go.wait(10)
            return name

        return work

    async def flood() -> list[str]:
        workers = Workers(4)
        workers.start()
        flooding = [workers.submit(job("flood"), "flood") for _ in range(100)]
        others = [workers.submit(job("other"), f"other {n}") for n in range(2)]
        while len(begun) < 4:
            await asyncio.sleep(0.001)
        assert Counter(begun) == {"flood": 2, "other": 2}
        go.set()
        done = await asyncio.gather(*flooding, *others)
        workers.stop()
        return done

    assert Counter(run_apart(flood())) == {"flood": 100, "other": 2}


def test_when_the_queue_is_full_the_longest_lane_is_refused() -> None:
    go = threading.Event()

    async def flood() -> tuple[list[Any], Any]:
        workers = Workers(1, waiting_limit=5)
        workers.start()
        flooding = [workers.submit(lambda: go.wait(10), "flood") for _ in range(6)]
        other = workers.submit(lambda: "done", "other")
        try:
            workers.submit(lambda: None, "flood")
        except Busy:
            flooding.append(asyncio.ensure_future(_busy()))
        go.set()
        told = await asyncio.gather(*flooding, return_exceptions=True)
        answer = await other
        workers.stop()
        return told, answer

    told, answer = run_apart(flood())
    assert answer == "done"
    assert [isinstance(each, Busy) for each in told] == [False] * 5 + [True, True]


async def _busy() -> None:
    raise Busy()

"""Writes are slowed before events are late, in turns, and for no other reason."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local.gateway.workers import Workers
from infra.local.stream.given_up import GivenUpEvents
from infra.local.stream.lateness import LONGEST, SOON, rest_for
from infra.local.stream.poller import Poller
from tests.local.test_lanes import run_apart
from tests.local.test_poller import Events

SLOW = 0.05


def poller(folder: Path, events: list[str], consume: Any) -> Poller:
    given_up = GivenUpEvents(folder / "given-up.jsonl")
    return Poller(Events(events), consume, given_up, tries=3, back_off=(SLOW, SLOW))


def test_nobody_rests_while_events_are_in_time_and_the_rest_grows_to_a_bound() -> None:
    assert rest_for(0.0) == rest_for(SOON) == 0.0
    assert 0 < rest_for(0.3) < rest_for(0.9) < rest_for(60) == LONGEST


def test_events_that_wait_for_others_are_late(tmp_path: Path) -> None:
    def consume(_event: Mapping[str, Any], _request_id: Any) -> Any:
        threading.Event().wait(SLOW)
        return {"batchItemFailures": []}

    busy = poller(tmp_path, [f"workspace {number}" for number in range(4)], consume)
    assert busy.late() == 0.0
    busy.run_once()
    assert 4 * SLOW <= busy.late() < 2


def test_an_event_that_fails_makes_nobody_rest(tmp_path: Path) -> None:
    def consume(_event: Mapping[str, Any], _request_id: Any) -> Any:
        raise RuntimeError("indigestible")

    failing = poller(tmp_path, ["workspace"], consume)
    failing.run_once()
    assert failing.late() == 0.0


def test_threads_that_rest_still_take_turns_and_do_everything() -> None:
    done: list[str] = []
    rests: list[float] = []

    def rest() -> float:
        rests.append(0.001)
        return rests[-1]

    async def work() -> None:
        workers = Workers(1, rest=rest)
        workers.start()
        flood = [workers.submit(lambda: done.append("flood"), "a\nflood") for _ in range(30)]
        ann = [workers.submit(lambda: done.append("ann"), "b\nann") for _ in range(2)]
        await asyncio.gather(*flood, *ann)
        workers.stop()

    run_apart(work())
    assert len(done) == 32
    assert [place for place, one in enumerate(done) if one == "ann"][-1] < 8
    assert len(rests) >= 32

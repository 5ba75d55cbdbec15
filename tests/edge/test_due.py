"""What is to be done at a time is done: in order, in turns, once, whatever happens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import monotonic

import pytest

from chalicelib.edge import clock
from chalicelib.edge.clock import Handler
from chalicelib.platform.tables import due
from chalicelib.platform.tables.commits import commit
from chalicelib.platform.tables.due import Call

NOON = datetime(2031, 1, 1, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(hours=1)


@pytest.fixture(autouse=True)
def empty() -> None:
    """Nothing else is due."""
    for rows in due.waiting(NOON + timedelta(days=999)).values():
        for row in rows:
            row.delete()


def test_what_is_due_is_called_once_the_longest_due_first() -> None:
    called: list[str] = []
    for name, minutes in (("late", -1), ("early", -90), ("coming", 1), ("just", 0)):
        _plan("visit", name, NOON + timedelta(minutes=minutes))
    assert [row.call.entity_id for row in due.waiting(NOON)["visit"]] == ["early", "late", "just"]
    _tick({"visit": lambda call, _: called.append(call.entity_id)})
    assert sorted(called) == ["early", "just", "late"]
    _tick({"visit": lambda call, _: called.append(call.entity_id)})
    assert called[3:] == []
    _tick({"visit": lambda call, _: called.append(call.entity_id)}, NOON + timedelta(minutes=1))
    assert called[3:] == ["coming"]


def test_a_handler_is_told_whose_what_and_when_it_was_to_be() -> None:
    told: list[tuple[Call, datetime]] = []
    commit(due.at(NOON, "visit", "ws_1", "cnv_1"))
    hour_late = NOON + timedelta(hours=1)
    _tick({"visit": lambda call, now: told.append((call, now))}, hour_late)
    assert told == [(Call("visit", "ws_1", "cnv_1", NOON), hour_late)]


def test_what_waits_for_one_handler_delays_no_other() -> None:
    order: list[str] = []
    for number in range(300):
        _plan("crowd", f"c{number}", NOON - timedelta(hours=1))
    _plan("reminder", "r", NOON)
    handlers: dict[str, Handler] = {
        kind: lambda call, _: order.append(call.kind) for kind in ("crowd", "reminder")
    }
    _tick(handlers)
    assert order.index("reminder") <= 64
    assert len(order) == 301


def test_the_crowd_of_one_workspace_keeps_no_other_waiting() -> None:
    order: list[str] = []
    commit(*(due.at(EARLIER, "visit", "ws_crowd", f"c{number}") for number in range(90)))
    for workspace_id in ("ws_1", "ws_2"):
        for entity_id in ("first", "second"):
            commit(due.at(NOON, "visit", workspace_id, f"{workspace_id} {entity_id}"))
    assert [row.call.workspace_id for row in due.waiting(NOON)["visit"]][:7] == [
        "ws_crowd", "ws_1", "ws_2", "ws_crowd", "ws_1", "ws_2", "ws_crowd",
    ]  # fmt: skip
    _tick({"visit": lambda call, _: order.append(call.entity_id)})
    assert order.index("ws_2 second") < 20
    assert len(order) == 94


def test_what_there_was_no_time_for_is_done_at_the_next_tick() -> None:
    called: list[str] = []
    for number in range(3):
        _plan("visit", str(number), NOON)
    handlers: dict[str, Handler] = {"visit": lambda call, _: called.append(call.entity_id)}
    clock.do_what_is_due(handlers, NOON, monotonic() - 1)
    assert called == []
    _tick(handlers)
    assert sorted(called) == ["0", "1", "2"]


def test_one_that_fails_rests_longer_each_time_and_is_never_forgotten() -> None:
    tried: list[datetime] = []

    def fail(call: Call, now: datetime) -> None:
        tried.append(now)
        raise RuntimeError("not today")

    _plan("visit", "stubborn", NOON)
    for minute in range(12 * 60):
        _tick({"visit": fail}, NOON + timedelta(minutes=minute))
    waits = [(after - before) // timedelta(minutes=1) for before, after in pairwise(tried)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 180, 180][: len(waits)]
    assert len(waits) >= 8
    done: list[str] = []
    later = NOON + timedelta(hours=16)
    _tick({"visit": lambda call, _: done.append(call.entity_id)}, later)
    assert done == ["stubborn"]


def test_one_that_fails_for_weeks_still_rests_between_its_tries() -> None:
    tried: list[datetime] = []

    def fail(call: Call, now: datetime) -> None:
        tried.append(now)
        raise RuntimeError("not this month")

    _plan("visit", "stubborn", NOON)
    for hour in range(24 * 14):
        _tick({"visit": fail}, NOON + timedelta(hours=hour))
    waits = [after - before for before, after in pairwise(tried)]
    assert set(waits[-60:]) == {timedelta(hours=3)}


def test_one_that_fails_keeps_none_behind_it() -> None:
    done: list[str] = []

    def work(call: Call, now: datetime) -> None:
        if call.entity_id == "bad":
            raise RuntimeError("no")
        done.append(call.entity_id)

    _plan("visit", "bad", NOON - timedelta(days=1))
    _plan("visit", "good", NOON)
    _tick({"visit": work})
    assert done == ["good"]


def test_a_kind_that_nobody_handles_any_more_waits_for_a_version_that_does() -> None:
    done: list[str] = []
    _plan("novelty", "n", NOON)
    _tick({})
    _tick({"novelty": lambda call, _: done.append(call.entity_id)}, NOON + timedelta(minutes=2))
    assert done == ["n"]


def _plan(kind: str, name: str, when: datetime) -> None:
    commit(due.at(when, kind, "ws_1", name))


def _tick(handlers: Mapping[str, Handler], now: datetime = NOON) -> None:
    clock.do_what_is_due(handlers, now, monotonic() + 30)

"""Every action stays inside its budget, and costs what docs/costs.md says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.kit import instants
from tests.budgets import conversations, costs, month, visits
from tests.budgets.actions import ACTIONS, PRESENT, Action, measure
from tests.budgets.meter import new_meter
from tests.support.sockets import Management
from tests.support.team import Team

assert conversations, visits  # they declare the actions

WRITES_PER_VISITOR_HOUR = 30


_WRITING = os.environ.get("FOYER_WRITE_COSTS") == "1"


@pytest.fixture(scope="session")
def measured() -> Iterator[dict[str, str]]:
    """The rows as measured; with FOYER_WRITE_COSTS=1 they become the document in the end."""
    rows: dict[str, str] = {}
    yield rows
    if _WRITING:
        costs.write([rows[one.name] for one in ACTIONS])
        month.write()


@pytest.mark.parametrize("one", ACTIONS, ids=lambda one: one.name)
def test_an_action_stays_inside_its_budget_and_costs_what_is_documented(
    one: Action, management: Management, measured: dict[str, str]
) -> None:
    meter = measure(one, management)
    limits = one.budget
    assert limits.trips is None or meter.round_trips <= limits.trips, str(meter)
    assert limits.reads is None or meter.read_units <= limits.reads, str(meter)
    assert limits.writes is None or meter.write_units <= limits.writes, str(meter)
    measured[one.name] = costs.row(one, meter)
    assert _WRITING or costs.documented_costs().get(one.name) == measured[one.name], str(meter)


def test_nothing_is_documented_that_is_not_measured() -> None:
    assert list(costs.documented_costs()) == [one.name for one in ACTIONS]


def test_the_documented_month_follows_from_the_table() -> None:
    assert month.documented_month() == month.lines()


def test_a_visitor_who_stays_for_an_hour_costs_at_most_thirty_writes(team: Team) -> None:
    guest = team.guest()
    socket = team.socket(guest)
    began = instants.now()
    step = timedelta(seconds=guest.session["config"]["presence_seconds"])
    with new_meter() as meter:
        for number in range(int(timedelta(hours=1) / step) + 1):
            with time_machine.travel(began + number * step):
                socket.send(PRESENT)
    assert meter.write_units <= WRITES_PER_VISITOR_HOUR, str(meter)


def test_a_page_of_conversations_costs_the_same_however_many_there_are(team: Team) -> None:
    for number in range(120):
        conversation_id = team.guest().start("x" * 500)["conversation"]["id"]
        if number % 3 == 0:
            team.owner.post(f"/v1/conversations/{conversation_id}/claim").ok()
    team.owner.get("/v1/conversations").ok()
    for path in ("", "?assignee=me", "?status=closed"):
        with new_meter() as meter:
            page = team.owner.get(f"/v1/conversations{path}").ok()["data"]
        assert len(page) == (0 if "closed" in path else 25)
        assert (meter.round_trips, meter.read_units <= 4) == (1, True), (path, str(meter))


def test_a_long_queue_costs_one_query_more(team: Team) -> None:
    for _ in range(80):
        team.guest().start("x" * 500)
    team.owner.get("/v1/conversations").ok()
    with new_meter() as meter:
        assert len(team.owner.get("/v1/conversations?assignee=none").ok()["data"]) == 25
    assert (meter.round_trips, meter.read_units <= 8) == (2, True), str(meter)

"""Each metric is told where it arises, as the alarms and the dashboard ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

import app
from chalicelib import wiring
from chalicelib.conversations.events import MessageCreated
from chalicelib.kit import instants
from chalicelib.kit.events import Recorded
from chalicelib.platform.observability import Metric
from chalicelib.platform.tables import parking
from chalicelib.platform.tables.commits import Raced, retry_on_conflict
from tests.auth.people import caller
from tests.support.clock import schedule_event
from tests.support.faults import Faults, throttle
from tests.support.logs import Written, log_as_lambda
from tests.support.mail_server import mails_by_server
from tests.support.team import Team, work_off


@pytest.fixture
def failing() -> Iterator[None]:
    """A reaction to messages that always fails; what it left parked goes with it."""

    def fail(recorded: Recorded) -> None:
        raise RuntimeError(recorded.id)

    reactions: Any = wiring.SUBSCRIBERS[MessageCreated]
    reactions.append(fail)
    yield
    reactions.remove(fail)
    for shelf in (parking.WAITING, parking.GIVEN_UP):
        for row in parking.list_shelf(shelf):
            row.delete()


def tick(**later: float) -> None:
    with time_machine.travel(instants.now() + timedelta(**later)):
        app.every_minute(schedule_event(), None)


def fail_once(team: Team) -> None:
    team.guest().start()
    team.pump()


def fail_for_days(team: Team) -> None:
    fail_once(team)
    for hours in range(0, 72, 3):
        tick(hours=hours)


def fail_for_hours(team: Team) -> None:
    fail_once(team)
    tick(hours=2)


def snooze(team: Team) -> str:
    conversation = str(team.guest().start()["conversation"]["id"])
    until = instants.to_text(instants.now() + timedelta(minutes=1))
    team.owner.post(f"/v1/conversations/{conversation}/snooze", {"until": until}).ok()
    return conversation


def wake_late(team: Team) -> None:
    snooze(team)
    tick(minutes=3)


def wake_in_vain(team: Team) -> None:
    snooze(team)
    handlers: Any = wiring.DUE
    kept = dict(handlers)
    handlers.clear()
    try:
        tick(minutes=3)
    finally:
        handlers.update(kept)
        tick(hours=5)


def tell(team: Team) -> None:
    team.socket(team.owner, "conversations")
    team.guest().start()
    team.pump()


def post_to_gone_sockets(team: Team) -> None:
    team.socket(team.owner, "conversations").cut()
    team.guest().start()
    team.pump()


def tell_in_vain(team: Team) -> None:
    socket = team.socket(team.owner, "conversations")
    team.management.refusing[socket.id] = 403
    team.guest().start()
    team.pump()


def ask_again(team: Team) -> None:
    with Faults() as faults:
        faults.plan(throttle, "GetItem", times=2)
        team.owner.get("/v1/workspace").ok()


def collide(team: Team) -> None:
    assert team
    tries = iter([Raced(), Raced()])

    @retry_on_conflict
    def step() -> None:
        for lost in tries:
            raise lost

    step()


def guess(team: Team) -> None:
    stranger = caller()
    guesses = {"email": team.owner.email, "password": "not it at all"}
    statuses = [stranger.post("/v1/auth/login", guesses).status for _ in range(30)]
    assert 429 in statuses


def mail_in_vain(team: Team) -> None:
    with mails_by_server(RCPT="450 later"):
        team.owner.post("/v1/users", {"email": "ben@shop.example", "role": "operator"}).ok()
        team.pump()
        for minutes in (2, 5, 12):
            with time_machine.travel(instants.now() + timedelta(minutes=minutes)):
                work_off()
    with time_machine.travel(instants.now() + timedelta(hours=1)):
        work_off()


# What brings each about, and how much of it there is then.
ARISES: dict[Metric, tuple[Callable[[Team], None], Callable[[list[float]], bool]]] = {
    Metric.REACTIONS_FAILED: (fail_once, lambda told: told == [1]),
    Metric.REACTIONS_PARKED: (fail_once, lambda told: told == [1]),
    Metric.REACTIONS_GIVEN_UP: (fail_for_days, lambda told: told == [1]),
    Metric.PARKED_TOO_LONG: (fail_for_hours, lambda told: told == [1]),
    Metric.GIVEN_UP: (fail_for_days, lambda told: max(told) == 1),
    Metric.LANE_FAILED: (mail_in_vain, lambda told: told == [1]),
    Metric.DUE_FAILED: (wake_in_vain, lambda told: max(told) == 1),
    Metric.WAKE_LATENESS: (wake_late, lambda told: 119_000 < max(told) < 181_000),
    Metric.EVENT_LAG: (tell, lambda told: len(told) >= 2 and 0 <= min(told) < 60_000),
    Metric.POSTS_SENT: (tell, lambda told: sum(told) >= 2),
    Metric.POSTS_GONE: (post_to_gone_sockets, lambda told: sum(told) >= 1),
    Metric.POSTS_REFUSED: (tell_in_vain, lambda told: sum(told) >= 1),
    Metric.RETRIES: (ask_again, lambda told: told == [2]),
    Metric.CONFLICTS: (collide, lambda told: told == [1, 1]),
    Metric.LOCK_OUTS: (guess, lambda told: sum(told) >= 1),
}


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("metric", Metric, ids=lambda metric: metric.label)
def test_it_is_told_where_it_arises(team: Team, metric: Metric) -> None:
    bring_about, holds = ARISES[metric]
    with log_as_lambda() as written:
        bring_about(team)
    told = written.figures(metric.label)
    assert holds(told), told
    assert declarations(written, metric) == {("Foyer", (("Stage",),), metric.unit, "foyer")}


def declarations(written: Written, metric: Metric) -> set[tuple[str, Any, str, str]]:
    """Namespace, dimensions, unit and stage of a metric, wherever it was told."""
    return {
        (
            about["Namespace"],
            tuple(tuple(each) for each in about["Dimensions"]),
            each["Unit"],
            line["Stage"],
        )
        for line in written.lines
        if "_aws" in line
        for about in line["_aws"]["CloudWatchMetrics"]
        for each in about["Metrics"]
        if each["Name"] == metric.label
    }


def test_what_went_well_tells_no_figures(team: Team) -> None:
    """Each line is paid for."""
    with log_as_lambda() as written:
        team.owner.get("/v1/workspace").ok()
    assert not [line for line in written.lines if "_aws" in line]


@pytest.mark.parametrize("number", [99, 100, 101, 200])
def test_a_batch_tells_of_each_event_however_many_there_are(team: Team, number: int) -> None:
    """The stream brings up to a hundred, and does so whenever events pile up."""
    team.guest().start()
    records = (team.records() * number)[:number]
    with log_as_lambda() as written:
        answer = app.consume_outbox({"Records": records}, None)
    assert answer == {"batchItemFailures": []}
    assert len(written.figures(Metric.EVENT_LAG.label)) == number
    lines = [line for line in written.lines if "_aws" in line]
    assert all(len(line.get(Metric.EVENT_LAG.label, [])) <= 100 for line in lines), "CloudWatch's"

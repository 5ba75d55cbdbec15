"""What fails is tried again for a day, and keeps nothing else waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine

import app
from chalicelib import wiring
from chalicelib.conversations.events import MessageCreated
from chalicelib.kit import instants
from chalicelib.kit.events import Recorded
from chalicelib.platform.tables import parking
from tests.support.clock import schedule_event
from tests.support.faults import FOR_EVER, Faults, lose, throttle
from tests.support.logs import log_as_lambda
from tests.support.parked_rows import empty_shelves
from tests.support.team import Team, sign_up


class Reaction:
    """Fails for the workspaces in `broken`, or for all with "*"; notes when it was tried."""

    def __init__(self, name: str) -> None:
        self.__name__ = name
        self.broken: set[str] = set()
        self.tried: list[tuple[datetime, str]] = []
        self.done: list[str] = []

    def __call__(self, recorded: Recorded) -> None:
        self.tried.append((instants.now(), recorded.workspace_id))
        if not self.broken.isdisjoint({"*", recorded.workspace_id}):
            raise RuntimeError("out of order")
        self.done.append(recorded.id)


@pytest.fixture
def reactions() -> Iterator[tuple[Reaction, Reaction]]:
    """Two more who react to messages; what is parked goes with them."""
    both = Reaction("poisoned"), Reaction("mended")
    reacting: Any = wiring.SUBSCRIBERS[MessageCreated]
    reacting.extend(both)
    empty_shelves()
    yield both
    for reaction in both:
        reacting.remove(reaction)
    empty_shelves()


def tick(at: datetime) -> None:
    with time_machine.travel(at):
        app.every_minute(schedule_event(), None)


def parked_on(shelf: str) -> list[parking.Parked]:
    return list(parking.list_shelf(shelf))


def write(team: Team, amount: int) -> None:
    """A conversation with so many messages, all of which have been told."""
    guest = team.guest()
    conversation = guest.start()["conversation"]["id"]
    for _ in range(amount - 1):
        guest.say(conversation, "Again")
    team.pump()


def test_it_is_tried_for_a_day_ever_more_seldom_and_then_kept_for_somebody_to_look(
    team: Team, reactions: tuple[Reaction, Reaction]
) -> None:
    poisoned, _ = reactions
    poisoned.broken = {"*"}
    began = instants.now()
    write(team, 1)
    for minutes in range(1, 60 * 31, 5):
        tick(began + timedelta(minutes=minutes))
        if not parked_on(parking.WAITING):
            break
    times = [at for at, _ in poisoned.tried]
    waits = [later - sooner for sooner, later in pairwise(times)]
    assert times[-1] - times[0] > timedelta(hours=24)
    assert len(times) == parking.TRIES + 1
    assert waits[-1] > timedelta(hours=2.9)
    assert max(waits) < timedelta(hours=3.5)
    assert [row.subscriber.rpartition(".")[2] for row in parked_on(parking.GIVEN_UP)] == [
        "poisoned"
    ]


def test_a_crowd_that_fails_keeps_nothing_behind_it_waiting(
    team: Team, management: Any, reactions: tuple[Reaction, Reaction]
) -> None:
    from_other = _another(management)
    poisoned, mended = reactions
    poisoned.broken = {"*"}
    mended.broken = {"*"}
    write(team, 60)
    write(from_other, 1)
    mended.broken = set()
    poisoned.broken = {team.workspace_id}
    poisoned.tried.clear()
    tick(instants.now() + timedelta(minutes=2))
    assert len(mended.done) == 61, "all that works again is done in one tick"
    assert len(poisoned.done) == 1, "and the other workspace's too"
    assert len([who for _, who in poisoned.tried if who == team.workspace_id]) <= 3


def test_what_is_mended_is_done_beside_each_other_all_in_one_tick(
    team: Team, reactions: tuple[Reaction, Reaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three hundred of one reaction in one workspace: no crowd is worked off by the dozen."""
    _, mended = reactions
    mended.broken = {"*"}
    write(team, 1)
    (waiting,) = parked_on(parking.WAITING)
    for number in range(300):
        changes = {"id": f"{waiting.id}{number}", "event_id": f"evt_{number}"}
        parking.Parked(**{**waiting.attribute_values, **changes}).save()
    mended.broken = set()
    together = threading.Barrier(4, timeout=20)
    quietly = Reaction.__call__

    def meet(self: Reaction, recorded: Recorded) -> None:
        if recorded.id in ("evt_10", "evt_11", "evt_12", "evt_13"):
            together.wait()
        quietly(self, recorded)

    monkeypatch.setattr(Reaction, "__call__", meet)
    tick(instants.now() + timedelta(minutes=2))
    assert len(mended.done) == 301
    assert parked_on(parking.WAITING) == []


def test_what_dies_of_a_reaction_does_not_stay_first(
    team: Team, reactions: tuple[Reaction, Reaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends in the middle of a try: a timeout, no memory left."""
    poisoned, _ = reactions
    poisoned.broken = {"*"}
    write(team, 1)

    def die(*failures_told: object) -> None:
        del failures_told
        raise SystemExit

    monkeypatch.setattr(Reaction, "__call__", die)
    for minutes in (2, 3):
        with pytest.raises(SystemExit):
            tick(instants.now() + timedelta(minutes=minutes + 3 * (minutes - 2)))
    (row,) = parked_on(parking.WAITING)
    assert row.tries == 2


def test_a_move_is_whole_or_not_at_all(
    team: Team, faults: Faults, reactions: tuple[Reaction, Reaction]
) -> None:
    poisoned, _ = reactions
    poisoned.broken = {"*"}
    write(team, 3)
    for fault in (lose, throttle):
        for place in range(8):
            at = instants.now() + timedelta(hours=4 * place + 40 * (fault is throttle))
            faults.plan(fault, "TransactWriteItems", table="parked", skip=place % 3, times=1)
            tick(at)
            faults.clear()
            everywhere = [*parked_on(parking.WAITING), *parked_on(parking.GIVEN_UP)]
            assert len(everywhere) == len({row.event_id for row in everywhere}) == 3


def test_an_event_that_the_stream_brings_twice_is_parked_once(
    team: Team, reactions: tuple[Reaction, Reaction]
) -> None:
    reactions[0].broken = {"*"}
    team.guest().start()
    records = team.records()
    for _ in range(2):
        assert app.consume_outbox({"Records": records}, None) == {"batchItemFailures": []}
    assert len(parked_on(parking.WAITING)) == 1


def test_what_cannot_even_be_parked_is_brought_again_by_the_stream(
    team: Team, faults: Faults, reactions: tuple[Reaction, Reaction]
) -> None:
    reactions[0].broken = {"*"}
    team.guest().start()
    records = team.records()
    faults.plan(throttle, "PutItem", table="parked", times=FOR_EVER)
    failures_told = app.consume_outbox({"Records": records}, None)
    assert len(failures_told["batchItemFailures"]) == 1
    faults.clear()
    assert app.consume_outbox({"Records": records}, None) == {"batchItemFailures": []}
    assert len(parked_on(parking.WAITING)) == 1


def test_alarms_hear_of_both_shelves_and_that_they_are_empty(
    team: Team, reactions: tuple[Reaction, Reaction]
) -> None:
    poisoned, _ = reactions
    poisoned.broken = {"*"}
    began = instants.now()

    def failures_told(at: datetime) -> list[float]:
        with log_as_lambda() as written:
            tick(at)
        return written.figures("ParkedTooLong") + written.figures("GivenUp")

    assert failures_told(began) == [0, 0]
    write(team, 1)
    assert failures_told(began + timedelta(minutes=2)) == [0, 0]
    assert failures_told(began + timedelta(minutes=62)) == [1, 0]
    for hours in range(2, 60):
        tick(began + timedelta(hours=hours))
    assert failures_told(began + timedelta(hours=61)) == [0, 1]


def test_what_was_given_up_is_redriven_and_done(
    team: Team, reactions: tuple[Reaction, Reaction]
) -> None:
    poisoned, _ = reactions
    poisoned.broken = {"*"}
    write(team, 1)
    began = instants.now()
    for hours in range(60):
        tick(began + timedelta(hours=hours))
    (row,) = parked_on(parking.GIVEN_UP)
    poisoned.broken = set()
    assert parking.redrive(row, instants.now())
    assert not parking.redrive(row, instants.now()), "somebody else pressed the button too"
    assert (len(parked_on(parking.WAITING)), parked_on(parking.GIVEN_UP)) == (1, [])
    tick(instants.now() + timedelta(seconds=1))
    assert len(poisoned.done) == 1
    assert parked_on(parking.WAITING) == []


def _another(management: Any) -> Team:
    return sign_up(management, "Otto")

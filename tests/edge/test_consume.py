"""Reactions that fail: the others go on, and nothing is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

import app
from chalicelib import wiring
from chalicelib.conversations.events import MessageCreated
from chalicelib.edge import consume
from chalicelib.kit import instants
from chalicelib.kit.events import Recorded
from chalicelib.platform.observability.observe import Call, observe
from chalicelib.platform.tables import parking
from tests.support.clock import schedule_event
from tests.support.faults import FOR_EVER, Faults, cut
from tests.support.sockets import Management
from tests.support.team import Team, sign_up


class Faulty:
    """A reaction of a colleague's that fails until it is mended."""

    __name__ = "faulty"

    def __init__(self) -> None:
        self.broken = True
        self.seen: list[str] = []

    def __call__(self, recorded: Recorded) -> None:
        if self.broken:
            raise RuntimeError("out of order")
        self.seen.append(recorded.id)


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    """One more subscriber, registered before the others; what it left parked goes with it."""
    reaction = Faulty()
    reactions: Any = wiring.SUBSCRIBERS[MessageCreated]
    reactions.insert(0, reaction)
    yield reaction
    reactions.remove(reaction)
    for shelf in (parking.WAITING, parking.GIVEN_UP):
        for row in parking.list_shelf(shelf):
            if row.subscriber.endswith((".faulty", ".renamed")):
                row.delete()


def test_a_failing_reaction_does_not_silence_the_others(team: Team, faulty: Faulty) -> None:
    dashboard = team.socket(team.owner, "conversations")
    team.guest().start("Hello")
    team.pump()
    assert dashboard.of("message.created")[0]["message"]["text"] == "Hello"


def test_a_failed_reaction_is_tried_again_until_it_succeeds_once(
    team: Team, faulty: Faulty
) -> None:
    team.guest().start()
    team.pump()
    tick(minutes=2)
    assert faulty.seen == []
    faulty.broken = False
    tick(minutes=5)
    tick(minutes=6)
    assert len(faulty.seen) == 1


def test_a_reaction_that_never_succeeds_is_given_up_and_kept(team: Team, faulty: Faulty) -> None:
    team.guest().start()
    team.pump()
    for hours in range(24):
        tick(hours=hours)
        assert parked_on(team, parking.WAITING)
        assert not parked_on(team, parking.GIVEN_UP)
    for hours in range(24, 60):
        tick(hours=hours)
    assert parked_on(team, parking.GIVEN_UP)
    assert not parked_on(team, parking.WAITING)


def test_a_reaction_that_is_not_there_any_more_is_given_up_and_kept(
    team: Team, faulty: Faulty
) -> None:
    team.guest().start()
    team.pump()
    faulty.__name__ = "renamed"
    for hours in range(0, 72, 3):
        tick(hours=hours)
    given_up = [row.subscriber for row in parked_on(team, parking.GIVEN_UP)]
    assert [name.rpartition(".")[2] for name in given_up] == ["faulty"]


def tick(**later: int) -> None:
    """The clock strikes, so much later than now."""
    with time_machine.travel(instants.now() + timedelta(**later)):
        app.every_minute(schedule_event(), None)


def parked_on(team: Team, shelf: str) -> list[parking.Parked]:
    return [row for row in parking.list_shelf(shelf) if row.workspace_id == team.workspace_id]


@pytest.mark.parametrize(
    "change",
    [
        {"eventName": "REMOVE"},
        {"eventName": "INSERT"},
        {"eventName": "INSERT", "NewImage": {}},
        {"eventName": "INSERT", "NewImage": {"id": {"S": "evt_1"}}},
        {"eventName": "INSERT", "NewImage": {"id": {"N": "1"}, "workspace_id": {"S": "ws_1"}}},
    ],
)
def test_a_record_that_is_no_event_of_ours_is_passed_over(
    team: Team, change: dict[str, Any]
) -> None:
    dashboard = team.socket(team.owner, "conversations")
    team.guest().start()
    name, image = change["eventName"], {k: v for k, v in change.items() if k == "NewImage"}
    records = [{"eventName": name, "dynamodb": {"SequenceNumber": "1", **image}}]
    records += team.records()
    assert app.consume_outbox({"Records": records}, None) == {"batchItemFailures": []}
    assert dashboard.of("message.created")


def test_a_workspace_whose_events_take_long_keeps_no_other_waiting(management: Management) -> None:
    slow, quick = sign_up(management), sign_up(management)
    shown, order = threading.Event(), list[tuple[str, int]]()

    def react(recorded: Recorded) -> None:
        if recorded.workspace_id == slow.workspace_id:
            assert shown.wait(10), "the other workspace's event waits behind ours"
        else:
            shown.set()
        order.append((recorded.workspace_id, recorded.event.seq))  # type: ignore[attr-defined]

    for team in (slow, quick):
        guest = team.guest()
        talk = guest.start()["conversation"]["id"]
        guest.say(talk, "And?")
    batch = [*slow.records(), *quick.records()]
    assert consume.consume(batch, {MessageCreated: [react]}) == {"batchItemFailures": []}
    assert [seq for workspace, seq in order if workspace == slow.workspace_id] == [1, 2]
    assert [seq for workspace, seq in order if workspace == quick.workspace_id] == [1, 2]


def test_of_several_workspaces_the_first_event_that_could_not_be_parked_is_told(
    management: Management,
) -> None:
    def fail(recorded: Recorded) -> None:
        raise RuntimeError("out of order")

    teams = [sign_up(management) for _ in range(3)]
    for team in teams:
        team.guest().start()
    batch = [record for team in teams for record in team.records()]
    with Faults() as faults:
        faults.plan(cut, "PutItem", times=FOR_EVER)
        told = consume.consume(batch, {MessageCreated: [fail]})
    first = next(each for each in batch if is_message(each))
    sequence = first["dynamodb"]["SequenceNumber"]
    assert told == {"batchItemFailures": [{"itemIdentifier": sequence}]}


def is_message(record: dict[str, Any]) -> bool:
    return bool(record["dynamodb"]["NewImage"]["name"] == {"S": "message.created"})


def test_who_listens_is_asked_once_for_all_messages_of_a_batch(team: Team) -> None:
    dashboard = team.socket(team.owner, "conversations")
    guest = team.guest()
    talk = guest.start()["conversation"]["id"]
    team.pump()

    def asked(messages: int) -> int:
        for number in range(messages):
            guest.say(talk, f"line {number}")
        with observe(calls.append):
            calls.clear()
            team.pump()
            return sum(call.operation == "Query" for call in calls)

    calls: list[Call] = []
    assert asked(1) == asked(9)
    assert len(dashboard.of("message.created")) == 11
    assert dashboard.frames[-1]["data"]["message"]["text"] == "line 8"


def test_who_comes_or_goes_while_a_batch_is_told_misses_nothing_and_stops_nothing(
    team: Team, management: Management
) -> None:
    """Who is asked for once may be gone, and who came too late fetches what the batch tells."""
    first, second = (team.socket(team.owner, "conversations") for _ in range(2))
    guest = team.guest()
    talk = guest.start()["conversation"]["id"]
    team.pump()
    for number in range(4):
        guest.say(talk, f"line {number}")
    come: list[Any] = []

    def change(recorded: Recorded) -> None:
        if recorded.event.seq == 3:  # type: ignore[attr-defined]
            management.open.discard(first.id)
            late = team.socket(team.owner, "conversations")
            page = team.owner.get(f"/v1/conversations/{talk}/messages").ok()["data"]
            come.append((late, [each["text"] for each in page]))

    reactions = [change, *wiring.SUBSCRIBERS[MessageCreated]]
    answer = consume.consume(team.records(), {MessageCreated: reactions})
    assert answer == {"batchItemFailures": []}
    assert [each["message"]["seq"] for each in second.of("message.created")] == [1, 2, 3, 4, 5]
    assert come[0][1][-1] == "line 3"

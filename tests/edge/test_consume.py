"""Reactions that fail: the others go on, and nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.conversations.events import MessageCreated
from chalicelib.kit.events import Recorded
from chalicelib.platform import parking
from tests.support.clock import scheduled
from tests.support.team import Team


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
    for row in parking.oldest(100):
        if row.subscriber.endswith(".faulty"):
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
    app.every_minute(scheduled(), None)
    assert faulty.seen == []
    faulty.broken = False
    app.every_minute(scheduled(), None)
    app.every_minute(scheduled(), None)
    assert len(faulty.seen) == 1


def test_a_reaction_that_never_succeeds_is_given_up_and_kept(team: Team, faulty: Faulty) -> None:
    team.guest().start()
    team.pump()
    for _ in range(parking.TRIES):
        app.every_minute(scheduled(), None)
    given_up = [
        row.workspace_id for row in parking.Parked.query(parking.GIVEN_UP, consistent_read=True)
    ]
    assert team.workspace_id in given_up
    assert team.workspace_id not in [row.workspace_id for row in parking.oldest(100)]


def test_a_reaction_that_is_not_there_any_more_is_given_up_and_kept(
    team: Team, faulty: Faulty
) -> None:
    team.guest().start()
    team.pump()
    faulty.__name__ = "renamed"
    for _ in range(parking.TRIES):
        app.every_minute(scheduled(), None)
    given_up = [
        row.subscriber
        for row in parking.Parked.query(parking.GIVEN_UP, consistent_read=True)
        if row.workspace_id == team.workspace_id
    ]
    assert [name.rpartition(".")[2] for name in given_up] == ["faulty"]


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

"""Trouble that passes is said to pass: 503 and when to ask again, at every door."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import pytest

from chalicelib.platform import health
from chalicelib.platform.tables import commits
from tests.support.api import Answer, Client
from tests.support.faults import (
    FOR_EVER,
    Fault,
    Faults,
    contend,
    cut,
    fail,
    fail_after,
    forbid,
    lose,
    throttle,
)
from tests.support.sockets import Socket
from tests.support.team import Team, fresh

PASSING = [throttle, fail, cut, lose, contend, fail_after]


def is_passing(answer: Answer) -> bool:
    """Whether a client is told to ask the same again, and when."""
    return (
        answer.status == 503
        and answer.code == "server.unavailable"
        and answer.headers["content-type"] == "application/problem+json"
        and int(answer.headers["retry-after"]) == answer.json["retry_after"] > 0
        and bool(answer.json["request_id"])
    )


@pytest.mark.parametrize("fault", [throttle, fail, cut, contend], ids=str)
def test_a_write_that_cannot_be_now_is_503_with_a_time(
    team: Team, faults: Faults, fault: Fault
) -> None:
    faults.plan(fault, "TransactWriteItems", times=FOR_EVER)
    assert is_passing(team.owner.post("/v1/contacts", {"name": "Ann"}))
    faults.clear()
    assert team.owner.post("/v1/contacts", {"name": "Ann"}).status == 201


ASKING: dict[str, tuple[str, Callable[[Team], Answer]]] = {
    "one": ("GetItem", lambda team: team.owner.get("/v1/workspace")),
    "a list": ("Query", lambda team: team.owner.get("/v1/conversations")),
    "several": ("BatchGetItem", lambda team: team.owner.get("/v1/users")),
    "signing in": (
        "GetItem",
        lambda team: Client().post(
            "/v1/auth/login", {"email": team.owner.email, "password": team.owner.password}
        ),
    ),
    "a ticket": ("UpdateItem", lambda team: team.owner.post("/v1/socket-tickets")),
    "a guest": (
        "Query",
        lambda team: Client().post(
            "/v1/widget/session",
            {
                "widget_key": team.widget_key,
                "page": {"url": "https://shop.example/", "title": "", "referrer": ""},
            },
        ),
    ),
}


@pytest.mark.parametrize("what", ASKING)
def test_whatever_is_asked_while_the_engine_is_away_is_503(
    team: Team, faults: Faults, what: str
) -> None:
    team.guest().start()
    _, ask = ASKING[what]
    faults.plan(cut, times=FOR_EVER)
    assert is_passing(ask(team))


def test_a_frame_is_told_when_to_come_again_and_the_socket_stays(
    team: Team, faults: Faults
) -> None:
    socket = team.socket(team.owner)
    faults.plan(throttle, times=FOR_EVER)
    socket.send({"action": "subscribe", "topic": "conversations"})
    (told,) = socket.of("problem")
    assert (told["status"], told["code"]) == (503, "server.unavailable")
    assert told["retry_after"] > 0
    faults.clear()
    socket.send({"action": "subscribe", "topic": "conversations"})
    assert socket.topics == ["conversations"]


def test_a_socket_that_cannot_open_now_is_503_not_500(team: Team, faults: Faults) -> None:
    ticket = team.owner.post("/v1/socket-tickets").ok()["ticket"]
    faults.plan(throttle, times=FOR_EVER)
    assert Socket(team.management, team.owner, ticket).status == 503


def test_health_says_that_the_tables_are_away_and_that_they_are_back(
    team: Team, faults: Faults
) -> None:
    health.forget()
    assert Client().get("/v1/health").json["status"] == "ok"
    faults.plan(cut, times=FOR_EVER)
    health.forget()
    assert is_passing(Client().get("/v1/health"))
    faults.clear()
    health.forget()
    assert Client().get("/v1/health").status == 200


def test_a_flood_of_health_costs_one_read_a_second(team: Team, faults: Faults) -> None:
    health.forget()
    began = monotonic()
    for _ in range(200):
        assert Client().get("/v1/health").status == 200
    assert len(faults.seen) <= 1 + (monotonic() - began) / health.LIFE


def test_a_bug_of_ours_stays_a_500_that_says_nothing(team: Team, faults: Faults) -> None:
    faults.plan(forbid, "TransactWriteItems")
    told = team.owner.post("/v1/contacts", {"name": "Ann"})
    assert (told.status, told.code) == (500, "server.error")
    assert "retry-after" not in told.headers
    assert "AccessDenied" not in told.body


def test_who_loses_every_race_is_told_to_try_again(
    team: Team, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "_TRIES", 2)
    conversation = team.guest().start()["conversation"]["id"]
    raced = Fault(
        400,
        "TransactionCanceledException",
        details={"CancellationReasons": [{"Code": "ConditionalCheckFailed"}] * 3},
    )
    # The first item of a message's transaction is its own key; without an item it is a race lost.
    faults.plan(raced, "TransactWriteItems", times=FOR_EVER)
    told = team.owner.post(f"/v1/conversations/{conversation}/close")
    assert (told.status, told.code) == (503, "server.busy")
    assert int(told.headers["retry-after"]) > 0
    key = {"Idempotency-Key": fresh()}
    assert team.owner.post(f"/v1/conversations/{conversation}/close", **key).status == 503
    faults.clear()
    assert team.owner.post(f"/v1/conversations/{conversation}/close", **key).status == 200

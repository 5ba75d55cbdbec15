"""What let a visitor in can be taken away, and then it is out: over HTTP and over its sockets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine

from chalicelib.kit import instants
from chalicelib.workspaces import service as workspaces
from tests.contacts.test_identity import prove, session
from tests.support.api import Answer, Client
from tests.support.sockets import Socket
from tests.support.team import Guest, Team, fresh

PAGE = {"url": "https://shop.example/", "title": "Shop"}
OTHER_PROCESS = workspaces.CACHE_SECONDS
LEEWAY = 60


def remove_secret(team: Team) -> None:
    for each in team.owner.get("/v1/workspace").ok()["identity"]["secrets"]:
        team.owner.delete(f"/v1/workspace/identity-secrets/{each['id']}").ok()


def switch_off(team: Team) -> None:
    team.owner.patch("/v1/workspace", {"identity": {"mode": "off"}}).ok()


def require(team: Team) -> None:
    team.owner.patch("/v1/workspace", {"identity": {"mode": "required"}}).ok()


def replace_key(team: Team) -> None:
    team.owner.post("/v1/workspace/widget-key").ok()


ENDS: dict[str, tuple[Callable[[Team], None], set[str]]] = {
    "the secret is deleted": (remove_secret, {"proved"}),
    "identity is off": (switch_off, {"proved"}),
    "proof is required": (require, {"claiming"}),
    "the widget has another key": (replace_key, {"proved", "claiming", "anonymous"}),
}


@pytest.fixture
def secret(team: Team) -> str:
    made: str = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    return made


@pytest.mark.parametrize("what", ENDS)
def test_a_session_ends_with_what_it_stands_on(team: Team, secret: str, what: str) -> None:
    take_away, ended = ENDS[what]
    guests = everybody(team, secret)
    talks = {name: guest.start()["conversation"]["id"] for name, guest in guests.items()}
    listening = {name: team.socket(guest) for name, guest in guests.items()}
    tickets = {n: guest.post("/v1/socket-tickets").ok()["ticket"] for n, guest in guests.items()}
    team.pump()
    take_away(team)
    for name, guest in guests.items():
        told = {(each.status, each.code) for each in ask(guest, talks[name])}
        connected = Socket(team.management, guest, tickets[name]).status
        if name in ended:
            assert told == {(401, "auth.session_ended")}, name
            assert connected == 401
        else:
            assert (401, "auth.session_ended") not in told, name
            assert connected == 200
    for conversation_id in talks.values():
        text = {"text": "For those who still may", "client_id": fresh()}
        team.owner.post(f"/v1/conversations/{conversation_id}/messages", text).ok()
    team.pump()
    for name, socket in listening.items():
        heard = [each for each in socket.frames if "For those who still may" in str(each)]
        assert bool(heard) == (name not in ended), name
        assert (socket.id in team.management.open) == (name not in ended), name


@pytest.mark.parametrize("what", ENDS)
def test_a_socket_is_cut_at_its_next_frame(team: Team, secret: str, what: str) -> None:
    take_away, ended = ENDS[what]
    sockets = {name: team.socket(guest) for name, guest in everybody(team, secret).items()}
    take_away(team)
    for name, socket in sockets.items():
        socket.send({"action": "ping"})
        assert (socket.id in team.management.open) == (name not in ended), name
        assert bool(socket.of("pong")) == (name not in ended)


def test_a_browser_begins_anew_and_has_its_history(team: Team, secret: str) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    team.widget_key = team.owner.post("/v1/workspace/widget-key").ok()["widget_key"]
    assert guest.get("/v1/widget/conversations").status == 401
    again = team.guest(visitor_secret=guest.secret)
    assert again.get(f"/v1/widget/conversations/{conversation_id}/messages").status == 200


def test_the_other_of_two_secrets_goes_on(team: Team, secret: str) -> None:
    second = team.owner.post("/v1/workspace/identity-secrets").ok()
    by_first = team.guest(identity=prove(secret, "ann"))
    by_second = team.guest(identity=prove(second["secret"], "ann"))
    team.owner.delete(f"/v1/workspace/identity-secrets/{second['id']}").ok()
    assert by_first.get("/v1/widget/conversations").status == 200
    assert by_second.get("/v1/widget/conversations").status == 401


def test_a_visitors_token_says_whose_workspace_it_is_of(team: Team) -> None:
    """A token that was minted before tokens named what they stand on is none any more."""
    guest = team.guest()
    claims = jwt.decode(str(guest.token), options={"verify_signature": False})
    assert claims["adm"] not in team.widget_key


@pytest.mark.parametrize(
    ("exp", "good"),
    [
        (timedelta(minutes=5), True),
        (timedelta(hours=24), True),
        (timedelta(hours=24, seconds=LEEWAY + 5), False),
        (timedelta(days=365), False),
        (timedelta(seconds=-1), False),
        (timedelta(days=-1), False),
    ],
)
def test_an_identity_token_lives_a_day_at_most(
    team: Team, secret: str, exp: timedelta, good: bool
) -> None:
    at = int((instants.now() + exp).timestamp())
    assert identity_with_token(team, secret, exp=at).ok()["verified"] is good


@pytest.mark.parametrize(
    "exp",
    [
        float("nan"), float("inf"), float("-inf"), 1e300, 2**63, 2**200, -1, 0, True, False, None,
        "soon", "1e400", [], {}, "9" * 300,
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["exp", "nbf", "iat"])
def test_odd_times_prove_nothing_and_break_nothing(
    team: Team, secret: str, field: str, exp: Any
) -> None:
    soon = int((instants.now() + timedelta(minutes=5)).timestamp())
    answer = identity_with_token(team, secret, **{"exp": soon, field: exp})
    assert answer.status == 200
    may_be = field != "exp" and exp in (0, False) and not isinstance(exp, bool)
    assert answer.json["verified"] is may_be


@pytest.mark.parametrize("field", ["nbf", "iat"])
def test_a_token_of_the_future_counts_when_its_time_has_come(
    team: Team, secret: str, field: str
) -> None:
    now = instants.now()
    soon = int((now + timedelta(minutes=10)).timestamp())
    for ahead, good in ((30, True), (300, False)):
        at = int((now + timedelta(seconds=ahead)).timestamp())
        assert identity_with_token(team, secret, exp=soon, **{field: at}).ok()["verified"] is good
    with time_machine.travel(now + timedelta(seconds=290)):
        assert identity_with_token(team, secret, exp=soon, **{field: at}).ok()["verified"] is True


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_a_token_is_signed_as_agreed(team: Team, secret: str, algorithm: str) -> None:
    exp = int((instants.now() + timedelta(minutes=5)).timestamp())
    key: Any = None if algorithm == "none" else secret
    token = jwt.encode({"external_id": "ann", "exp": exp}, key, algorithm)
    assert session(team, {"token": token}).ok()["verified"] is False


def everybody(team: Team, secret: str) -> dict[str, Guest]:
    return {
        "proved": team.guest(identity=prove(secret, "ann-1")),
        "claiming": team.guest(identity={"external_id": "bob-1"}),
        "anonymous": team.guest(),
    }


def ask(guest: Guest, conversation_id: str) -> list[Answer]:
    path = f"/v1/widget/conversations/{conversation_id}"
    return [
        guest.get("/v1/widget/conversations"),
        guest.get(f"{path}/messages"),
        guest.post(f"{path}/messages", {"text": "Hi", "client_id": fresh()}),
        guest.post(f"{path}/read", {"seq": 1}),
        guest.post("/v1/widget/conversations", {"text": "Hi", "client_id": fresh()}),
        guest.post("/v1/socket-tickets"),
    ]


def identity_with_token(team: Team, secret: str, **claims: Any) -> Answer:
    token = jwt.encode({"external_id": "ann-1", **claims}, secret, "HS256")
    page = {"url": "https://shop.example/"}
    body = {"widget_key": team.widget_key, "page": page, "identity": {"token": token}}
    return Client().post("/v1/widget/session", body)

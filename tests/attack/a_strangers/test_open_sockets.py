"""What somebody's open sockets hear after they were to hear no more, or less."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from chalicelib.auth import sessions
from infra.local.testing import LocalFoyer
from tests.auth.people import (
    PASSWORD,
    an_address,
    ask_for_link,
    caller,
    colleague,
    invite,
    log_in,
    person_of,
    token_in,
)
from tests.e2e.dashboard.people import Person as Desk
from tests.e2e.dashboard.people import ask, link_to
from tests.support.api import Client
from tests.support.sockets import Socket
from tests.support.team import Person, Team, sign_up


def promote(team: Team, ben: Person) -> None:
    team.owner.patch(f"/v1/users/{ben.id}", {"role": "admin"}).ok()


def demote(team: Team, ben: Person) -> None:
    promote(team, ben)
    team.owner.patch(f"/v1/users/{ben.id}", {"role": "operator"}).ok()


def remove(team: Team, ben: Person) -> None:
    team.owner.delete(f"/v1/users/{ben.id}").ok()


def leave(team: Team, ben: Person) -> None:
    del team
    ben.delete(f"/v1/users/{ben.id}").ok()


def changed_their_password(team: Team, ben: Person) -> None:
    del team
    body = {"current_password": ben.password, "new_password": "battery staple"}
    ben.post("/v1/auth/password", body).ok()


def reset_their_password(team: Team, ben: Person) -> None:
    del team
    body = {"token": token_in(ask_for_link(ben.email)[-1]), "password": "battery staple"}
    caller().post("/v1/auth/reset", body).ok()


def signed_out(team: Team, ben: Person) -> None:
    del team
    ben.post("/v1/auth/logout").ok()


@pytest.mark.parametrize(
    "change",
    [
        promote,
        demote,
        remove,
        leave,
        changed_their_password,
        reset_their_password,
        signed_out,
    ],
)
def test_whoever_may_less_or_other_things_has_no_socket_of_before(
    team: Team, change: Callable[[Team, Person], None]
) -> None:
    ben, ada = colleague(team), colleague(team, name="Ada")
    socket, another = team.socket(ben, "conversations"), team.socket(ada, "conversations")
    change(team, ben)
    team.pump()
    assert socket.id not in team.management.open
    team.guest().start("Is anybody there?")
    team.pump()
    assert socket.of("conversation.created") == []
    assert len(another.of("conversation.created")) == 1


def test_another_name_or_status_cuts_nobody(team: Team) -> None:
    ben = colleague(team)
    socket = team.socket(ben)
    ben.patch("/v1/me", {"name": "Benjamin", "status": "away"}).ok()
    assert "member.updated" in team.pump()
    assert socket.id in team.management.open


@pytest.mark.parametrize("change", [promote, remove, changed_their_password, signed_out])
def test_a_ticket_of_before_opens_nothing(
    team: Team, change: Callable[[Team, Person], None]
) -> None:
    ben = colleague(team)
    ticket = ben.post("/v1/socket-tickets").ok()["ticket"]
    change(team, ben)
    assert Socket(team.management, ben, ticket).status == 401


def test_whoever_has_another_role_connects_again_in_it(team: Team) -> None:
    ben = colleague(team)
    promote(team, ben)
    team.pump()
    assert team.socket(ben, "conversations").id in team.management.open


def test_a_session_that_ends_in_one_workspace_has_no_socket_in_another(team: Team) -> None:
    ann = sign_up(team.management, "Ann")
    token = invite(team, ann.owner.email)
    body = {"password": ann.owner.password}
    joined = person_of(caller().post(f"/v1/invitations/{token}/accept", body).ok())
    socket = team.socket(joined, "conversations")
    moved = joined.post("/v1/auth/switch", {"workspace_id": ann.workspace_id}).ok()
    Client(token=moved["access_token"]).post("/v1/auth/logout").ok()
    assert "member.signed_out" in ann.pump()
    assert socket.id not in team.management.open


def test_the_oldest_session_that_makes_room_takes_its_sockets_along(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST", 2)
    ben = colleague(team)
    socket = team.socket(ben)
    for _ in range(2):
        log_in(ben.email).ok()
    team.pump()
    assert ben.get("/v1/me").status == 401
    assert socket.id not in team.management.open


def test_a_copied_refresh_token_takes_the_thiefs_socket_along(team: Team) -> None:
    ben = colleague(team)
    thief = caller().post("/v1/auth/refresh", {"refresh_token": ben.refresh_token}).ok()
    socket = team.socket(person_of(thief), "conversations")
    for _ in range(2):
        latest = caller().post("/v1/auth/refresh", {"refresh_token": thief["refresh_token"]})
        thief = latest.ok() if latest.status == 200 else thief
    assert caller().post("/v1/auth/refresh", {"refresh_token": ben.refresh_token}).status == 401
    team.pump()
    assert socket.id not in team.management.open


def test_an_invitation_in_another_role_cuts_nobody(team: Team) -> None:
    socket = team.socket(team.owner)
    email = an_address()
    for role in ("operator", "admin"):
        invite(team, email, role)
    assert socket.id in team.management.open


def test_a_role_that_changes_cuts_a_socket_of_a_running_machine() -> None:
    with LocalFoyer() as foyer:
        owner = Desk.signed_up(foyer.url)
        email = "ben@people.example"
        owner.ask("POST", "/v1/users", {"email": email, "role": "operator"})
        token = link_to(foyer.url, email, "/invitations/")
        body = {"name": "Ben", "password": PASSWORD}
        ben = Desk(foyer.url, ask(foyer.url, "POST", f"/v1/invitations/{token}/accept", body))
        ticket = ben.ask("POST", "/v1/socket-tickets")
        with connect(f"{ticket['url']}?ticket={ticket['ticket']}") as socket:
            socket.send('{"action": "ping"}')
            assert "pong" in str(socket.recv(timeout=10))
            owner.ask("PATCH", f"/v1/users/{ben.session['user']['id']}", {"role": "admin"})
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=10)

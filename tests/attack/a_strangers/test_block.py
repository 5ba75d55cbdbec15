"""Somebody who is blocked is out, everywhere and for good, until they are let in again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.contacts import blocking
from tests.attack.a_strangers.test_revocation import PAGE, ask
from tests.contacts.test_identity import prove
from tests.support.api import Answer, Client
from tests.support.sockets import Socket
from tests.support.team import Guest, Team, fresh

BLOCKED = (403, "visitor.blocked")


@pytest.fixture
def secret(team: Team) -> str:
    made: str = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    return made


@pytest.mark.parametrize("known_here", [True, False], ids=["this process", "another"])
@pytest.mark.parametrize("kind", ["wrote", "proved"])
def test_a_blocked_contact_is_refused_at_every_door(
    team: Team, secret: str, kind: str, known_here: bool
) -> None:
    identity = prove(secret, "mallory") if kind == "proved" else None
    guest = team.guest(**({"identity": identity} if identity else {}))
    conversation_id = guest.start()["conversation"]["id"]
    other = team.guest().start()["conversation"]["id"]
    listening, ticket = here(team, guest), guest.post("/v1/socket-tickets").ok()["ticket"]
    told = block(team, guest)
    assert told["blocked"] is True
    assert team.owner.get("/v1/visitors").ok()["data"] == []
    team.pump()
    assert listening.id not in team.management.open
    if not known_here:
        blocking._lately.clear()
    assert {(each.status, each.code) for each in ask(guest, conversation_id)} == {BLOCKED}
    again = begin(team, guest, identity)
    assert (again.status, again.code) == BLOCKED
    assert Socket(team.management, guest, ticket).status in (401, 403)
    seen = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
    assert seen["contact"]["blocked"] is True
    assert not team.owner.get(f"/v1/conversations/{other}").ok()["contact"]["blocked"]


@pytest.mark.parametrize("known_here", [True, False], ids=["this process", "another"])
def test_a_blocked_visitor_who_never_wrote_is_refused(team: Team, known_here: bool) -> None:
    guest = team.guest(identity={"name": "Mallory"})
    socket = here(team, guest)
    made = team.owner.get(f"/v1/contacts/{block(team, guest)['contact_id']}").ok()
    assert (made["name"], made["blocked"]) == ("Mallory", True)
    team.pump()
    assert socket.id not in team.management.open
    if not known_here:
        blocking._lately.clear()
    first = guest.post("/v1/widget/conversations", {"text": "Hi", "client_id": fresh()})
    assert (first.status, first.code) == BLOCKED
    assert (begin(team, guest).status, begin(team, guest).code) == BLOCKED
    ticket = guest.post("/v1/socket-tickets")
    assert (ticket.status, ticket.code) == BLOCKED
    assert team.owner.get("/v1/visitors").ok()["data"] == []


def test_a_blocked_contact_never_opens_a_conversation_again(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    here(team, guest)
    block(team, guest)
    team.pump()
    blocking._lately.clear()
    path = f"/v1/conversations/{conversation_id}"
    for action, body in (("close", None), ("snooze", {"until": None})):
        team.owner.post(f"{path}/{action}", body).ok()
        say = {"text": "let me in", "client_id": fresh()}
        answer = guest.post(f"/v1/widget/conversations/{conversation_id}/messages", say)
        assert (answer.status, answer.code) == BLOCKED
        assert team.owner.get(path).ok()["status"] != "open"
        team.owner.post(f"{path}/open").ok()


def test_a_frame_in_flight_puts_nobody_back_on_the_list(team: Team) -> None:
    guest = team.guest()
    socket = here(team, guest)
    block(team, guest)
    socket.send({"action": "presence", "page": PAGE, "state": "active"})
    team.pump()
    assert socket.id not in team.management.open
    socket.send({"action": "presence", "page": PAGE, "state": "active"})
    blocking._lately.clear()
    assert team.owner.get("/v1/visitors").ok()["data"] == []


def test_a_block_can_be_undone_and_everything_is_there(team: Team) -> None:
    watching = team.socket(team.owner, "visitors")
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    here(team, guest)
    block(team, guest)
    team.pump()
    assert watching.of("visitor.offline") == [{"id": guest.visitor_id}]
    told = team.owner.post(f"/v1/visitors/{guest.visitor_id}/unblock").ok()
    assert told["blocked"] is False
    team.pump()
    again = team.guest(visitor_secret=guest.secret)
    assert again.say(conversation_id, "thank you")["seq"] == 2
    assert guest.say(conversation_id, "with the old token, too")["seq"] == 3
    here(team, again)
    assert len(team.owner.get("/v1/visitors").ok()["data"]) == 1


def test_a_contact_is_blocked_by_its_own_page_as_well(team: Team) -> None:
    guest = team.guest()
    contact_id = guest.become()
    socket = here(team, guest)
    path = f"/v1/contacts/{contact_id}"
    assert team.owner.patch(path, {"blocked": True}).ok()["blocked"] is True
    team.pump()
    assert socket.id not in team.management.open
    assert team.owner.get("/v1/visitors").ok()["data"] == []
    assert begin(team, guest).code == "visitor.blocked"
    team.owner.patch(path, {"blocked": False}).ok()
    assert begin(team, guest).status == 200


def test_proof_lets_no_blocked_browser_in_nor_does_a_browser_a_blocked_person(
    team: Team, secret: str
) -> None:
    guest = team.guest()
    guest.become()
    here(team, guest)
    block(team, guest)
    assert begin(team, guest, prove(secret, "ann-1")).code == "visitor.blocked"
    assert team.owner.get("/v1/contacts?external_id=ann-1").ok()["data"] == []

    ben = team.guest(identity=prove(secret, "ben-1"))
    before = team.guest()
    before.become()
    team.guest(visitor_secret=before.secret, identity=prove(secret, "ben-1"))
    team.owner.patch(f"/v1/contacts/{ben.session['contact_id']}", {"blocked": True}).ok()
    elsewhere = team.guest()
    assert begin(team, elsewhere, prove(secret, "ben-1")).code == "visitor.blocked"
    assert begin(team, before).code == "visitor.blocked"
    assert begin(team, elsewhere).status == 200


def test_who_is_gone_for_long_cannot_be_blocked_by_the_list(team: Team) -> None:
    for action in ("block", "unblock"):
        answer = team.owner.post(f"/v1/visitors/vis_nobody/{action}")
        assert (answer.status, answer.code) == (404, "visitor.not_found")


def test_blocking_twice_is_blocking_once(team: Team) -> None:
    guest = team.guest()
    here(team, guest)
    first = block(team, guest)
    assert block(team, guest) == first
    assert team.pump().count("contact.updated") == 1


def test_who_writes_while_being_blocked_is_blocked_afterwards(team: Team) -> None:
    for _ in range(8):
        guest = team.guest()
        here(team, guest)
        new = {"text": "Hi", "client_id": fresh()}
        with ThreadPoolExecutor(6) as together:
            wrote = [together.submit(guest.post, "/v1/widget/conversations", new) for _ in range(3)]
            blocks = [together.submit(block, team, guest) for _ in range(3)]
        assert {each.result().status for each in wrote} <= {201, 403}
        (contact_id,) = {each.result()["contact_id"] for each in blocks}
        team.pump()
        blocking._lately.clear()
        assert team.owner.get(f"/v1/contacts/{contact_id}").ok()["blocked"] is True
        for each in wrote:
            if each.result().status == 201:
                talk = each.result().json["conversation"]["id"]
                path = f"/v1/widget/conversations/{talk}/messages"
                answer = guest.post(path, {"text": "again", "client_id": fresh()})
                assert (answer.status, answer.code) == BLOCKED


def block(team: Team, guest: Guest) -> Any:
    return team.owner.post(f"/v1/visitors/{guest.visitor_id}/block").ok()


def here(team: Team, guest: Guest) -> Socket:
    socket = team.socket(guest)
    socket.send({"action": "presence", "page": PAGE, "state": "active"})
    return socket


def begin(team: Team, guest: Guest, identity: Any = None) -> Answer:
    body = {
        "widget_key": team.widget_key,
        "page": PAGE,
        "visitor_secret": guest.secret,
        "identity": identity,
    }
    return Client().post("/v1/widget/session", body)

"""The socket's part of the contract: all that is declared is sent, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.edge.frames import ANSWERS
from chalicelib.kit import instants
from chalicelib.wiring import ACTIONS
from tests.contacts.test_identity import prove
from tests.contract.test_document import stored_document
from tests.support.declared_frames import SHAPES, is_declared
from tests.support.sockets import Socket
from tests.support.team import Guest, Team, fresh

SOON = instants.to_text(instants.now() + timedelta(hours=20))


def test_every_frame_of_the_document_is_declared_and_the_other_way_round() -> None:
    answers = {f"answers/{each.__struct_config__.tag}" for each in ANSWERS}
    actions = {f"clients/{name}" for name in ACTIONS}
    events = {f"{audience}/{name}" for audience, name in SHAPES}
    assert set(stored_document()["webhooks"]) == answers | actions | events


@pytest.mark.usefixtures("limits")
def test_every_frame_that_is_declared_is_sent_by_somebody(team: Team) -> None:
    team.management.sent.clear()
    secret = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    desk = team.socket(team.owner, "conversations", "visitors")
    team.socket(team.owner, f"assigned/{team.owner.id}")
    guest = team.guest()
    chat = team.socket(guest)
    conversation_id = _talk(team, guest, desk, chat)
    _changes(team, conversation_id)
    _people(team, secret)
    _comings_and_goings(team, chat)
    _answers(team, desk, guest, conversation_id)
    answers = {("operators", str(each.__struct_config__.tag)) for each in ANSWERS}
    assert set(SHAPES) | answers <= team.management.sent


def test_a_frame_with_a_field_more_or_less_is_not_as_declared() -> None:
    frame: dict[str, Any] = {"type": "visitor.offline", "id": "evt_1", "at": "", "data": {}}
    whole = {**frame, "data": {"id": "vis_1"}}
    assert is_declared(whole, "operators")
    assert not is_declared(frame, "operators")
    assert not is_declared({**whole, "data": {"id": "vis_1", "email": "a@b.example"}}, "operators")
    assert not is_declared({**whole, "note": "x"}, "operators")
    assert not is_declared(whole, "customers")


def _talk(team: Team, guest: Guest, desk: Socket, chat: Socket) -> str:
    conversation_id: str = guest.start()["conversation"]["id"]
    path = f"/v1/conversations/{conversation_id}"
    desk.send({"action": "subscribe", "topic": f"conversation/{conversation_id}"})
    colleague = team.socket(team.owner, f"conversation/{conversation_id}")
    colleague.send({"action": "typing", "conversation_id": conversation_id})
    desk.send({"action": "typing", "conversation_id": conversation_id})
    chat.send({"action": "typing", "conversation_id": conversation_id})
    desk.send({"action": "viewing", "entity": conversation_id})
    team.owner.post(f"{path}/messages", {"text": "Hello", "client_id": fresh()}).ok()
    team.owner.post(f"{path}/read", {"seq": 1}).ok()
    team.pump()
    guest.post(f"/v1/widget/conversations/{conversation_id}/read", {"seq": 2}).ok()
    team.pump()
    return conversation_id


def _changes(team: Team, conversation_id: str) -> None:
    path = f"/v1/conversations/{conversation_id}"
    team.owner.post(f"{path}/assign", {"assignee_id": None}).ok()
    team.owner.post(f"{path}/snooze", {"until": SOON}).ok()
    team.owner.post(f"{path}/open").ok()
    team.owner.post(f"{path}/close").ok()
    team.owner.patch(path, {"subject": "Parcel"}).ok()
    contact = team.owner.get(path).ok()["contact"]["id"]
    team.owner.patch(f"/v1/contacts/{contact}", {"name": "Fay"}).ok()
    team.pump()


def _people(team: Team, secret: str) -> None:
    known = team.guest(identity=prove(secret, "ann-1", name="Ann"))
    known.start()
    unknown = team.guest()
    unknown.start()
    team.guest(visitor_secret=unknown.secret, identity=prove(secret, "ann-1"))
    team.pump()


def _comings_and_goings(team: Team, chat: Socket) -> None:
    with time_machine.travel(instants.now(), tick=False):
        sockets = [chat, *(team.socket(team.guest()) for _ in range(11))]
        for number in range(20):
            for socket in sockets:
                page = {"url": f"https://shop.example/{number}"}
                socket.send({"action": "presence", "page": page, "state": "active"})


def _answers(team: Team, desk: Socket, guest: Guest, conversation_id: str) -> None:
    desk.send({"action": "ping"})
    desk.send({"action": "dance"})
    leaving = team.socket(team.guest())
    leaving.send({"action": "presence", "page": {"url": "https://x.example/"}, "state": "active"})
    with time_machine.travel(instants.now() + timedelta(seconds=30)):
        leaving.close()
    team.management.refusing[desk.id] = 413
    guest.say(conversation_id, "Are you there?")
    team.pump()
    del team.management.refusing[desk.id]
    guest.say(conversation_id, "Hello?")
    team.pump()

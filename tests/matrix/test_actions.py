"""Every socket action, sent by everybody about everybody's conversations; and what sockets hear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.kit import instants
from chalicelib.kit.ids import new_id
from chalicelib.wiring import ACTIONS as DECLARED
from tests.matrix.expectations import ACTIONS, USELESS, VISITORS
from tests.matrix.table_writes import check_nothing_written
from tests.matrix.world import World
from tests.support.api import Client
from tests.support.sockets import Socket

TEAM = ("operator", "admin", "owner", "stranger")
CUSTOMERS = {"ann": "our", "bob": "bobs", "alien": "their"}

each_action = pytest.mark.parametrize("action", sorted(ACTIONS))


@pytest.fixture
def sockets(world: World) -> Iterator[dict[str, Socket]]:
    """A socket of everybody who can have one, opened after earlier sessions' ends are told."""
    for team in (world.ours, world.theirs):
        team.pump()
    opened = {name: world.team_of(name).socket(world.asks[name]) for name in (*TEAM, *VISITORS)}
    yield opened
    for name, socket in opened.items():
        world.check(name, json.dumps(socket.frames), "", f"{name}'s socket")
        socket.close()


def test_every_action_is_in_the_table_and_nothing_else() -> None:
    assert set(DECLARED) == set(ACTIONS)


@each_action
def test_an_action_is_done_for_whom_it_is_and_refused_for_the_others(
    world: World, sockets: dict[str, Socket], action: str
) -> None:
    row = ACTIONS[action]
    for name, socket in sockets.items():
        told = send(socket, fill_in(action, own(world, name)))
        if name in row.allowed:
            assert told in ([], [{"type": "pong"}]), (name, told)
        else:
            assert problems(told) == [(403, "auth.forbidden")], (name, told)


@each_action
def test_a_foreign_conversation_is_like_an_absent_one_on_a_socket(
    world: World, sockets: dict[str, Socket], action: str
) -> None:
    row = ACTIONS[action]
    if not row.code:
        return
    for name in row.allowed:
        heard = {}
        with check_nothing_written():
            for each in (new_id("cnv"), *foreign(world, name), "cnv_"):
                told = send(sockets[name], fill_in(action, each))
                heard[each] = [bare(frame) for frame in told]
        absent = next(iter(heard.values()))
        assert [told[:2] for told in absent] == [(404, row.code)], name
        malformed = heard.pop("cnv_")
        assert heard == dict.fromkeys(heard, absent), name
        assert malformed[0][0] in (404, 422), name


def test_a_topic_of_others_is_like_one_that_is_not_there(
    world: World, sockets: dict[str, Socket]
) -> None:
    topics = ("nothing", f"assigned/{world.theirs.owner.id}",
              f"contact/{world.ids['their contact']}", f"user/{world.theirs.owner.id}",
              "session/x", "viewing/x", "conversations/x", "visitors/", "", "/")  # fmt: skip
    for topic in topics[:-4]:
        told = send(sockets["operator"], {"action": "subscribe", "topic": topic})
        assert problems(told) == [(404, "topic.not_found")], topic
    assert send(sockets["operator"], {"action": "subscribe", "topic": "conversations/x"})


def test_nobody_gets_a_socket_without_a_good_ticket(world: World) -> None:
    for name, (status, code) in USELESS.items():
        refused = world.ask(name, "POST", "/v1/socket-tickets")
        assert (refused.status, refused.code) == (status, code)
    asker = world.asks["operator"]
    used = asker.post("/v1/socket-tickets").ok()["ticket"]
    assert Socket(world.ours.management, asker, used).status == 200
    with time_machine.travel(instants.now() - timedelta(seconds=31)):
        late = asker.post("/v1/socket-tickets").ok()["ticket"]
    tickets = {"used": used, "late": late, "made up": "x" * 43, "odd": "\ud800", "long": "x" * 5000}
    told = {
        kind: Socket(world.ours.management, asker, ticket).status
        for kind, ticket in tickets.items()
    }
    assert told == dict.fromkeys(tickets, 401)


def test_sockets_hear_only_what_their_owners_may_see(
    world: World, sockets: dict[str, Socket]
) -> None:
    for name in TEAM:
        for topic in ("conversations", "visitors", f"conversation/{own(world, name)}"):
            sockets[name].send({"action": "subscribe", "topic": topic})
    for name, whose in CUSTOMERS.items():
        conversation_id = world.ids[f"{whose} conversation"]
        world.guest(name).say(conversation_id, f"{mark(name)} writes")
        boss = world.team_of(name).owner
        path = f"/v1/conversations/{conversation_id}"
        boss.post(f"{path}/messages", {"text": f"{mark(name)} answer", "client_id": "c" * 26}).ok()
        boss.post(f"{path}/snooze", {"until": None}).ok()
        boss.post(f"{path}/assign", {"assignee_id": boss.id}).ok()
        boss.post(f"{path}/close").ok()
        boss.post(f"{path}/open").ok()
        sockets[name].send({"action": "typing", "conversation_id": conversation_id})
        page = {"url": f"https://shop.example/{new_id('x')}", "title": mark(name)}
        sockets[name].send({"action": "presence", "page": page, "state": "active"})
    world.ours.pump()
    world.theirs.pump()
    heard = {name: {frame["type"] for frame in socket.frames} for name, socket in sockets.items()}
    for name in (*TEAM, *CUSTOMERS):
        assert {"message.created", "conversation.closed"} <= heard[name], (name, heard[name])
        assert "problem" not in heard[name]
    assert not heard["vera"] - {"pong"}


def test_a_session_that_has_ended_opens_no_socket_with_an_older_ticket(world: World) -> None:
    owner = world.spare.owner
    login = {"email": owner.email, "password": owner.password}
    client = Client(token=Client().post("/v1/auth/login", login).ok()["access_token"])
    ticket = client.post("/v1/socket-tickets").ok()["ticket"]
    client.post("/v1/auth/logout").ok()
    assert Socket(world.ours.management, client, ticket).status == 401


def own(world: World, name: str) -> str:
    """A conversation that `name` may see."""
    if name == "vera":
        return world.fresh("conversation", name)
    return (
        world.ids[f"{CUSTOMERS[name]} conversation"]
        if name in CUSTOMERS
        else world.id_of("conversation", name)
    )


def foreign(world: World, name: str) -> list[str]:
    """Conversations that are there, but not for `name`."""
    every = {f"{whose} conversation" for whose in CUSTOMERS.values()}
    mine = (
        {f"{CUSTOMERS[name]} conversation"}
        if name in CUSTOMERS
        else {"their conversation"}
        if name == "stranger"
        else {"our conversation", "bobs conversation"}
    )
    return [world.ids[each] for each in sorted(every - (mine if name != "vera" else set()))]


def mark(name: str) -> str:
    """What others must not hear of somebody."""
    return {"ann": "ann", "bob": "bobcanary", "alien": "canarythem"}[name]


def fill_in(action: str, conversation_id: str) -> dict[str, Any]:
    """A frame about a conversation."""
    fields = {
        name: value.replace("{id}", conversation_id) if isinstance(value, str) else value
        for name, value in ACTIONS[action].fields.items()
    }
    return {"action": action, **fields}


def send(socket: Socket, frame: Any) -> list[dict[str, Any]]:
    """What comes back on the same socket, other people's news left out."""
    before = len(socket.frames)
    socket.send(frame)
    return [each for each in socket.frames[before:] if each["type"] in ("problem", "pong")]


def problems(frames: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(frame["data"]["status"], frame["data"]["code"]) for frame in frames]


def bare(frame: dict[str, Any]) -> tuple[Any, ...]:
    """All that a problem tells, but for the frame's own id."""
    told = frame["data"]
    return (told["status"], told["code"], told["detail"], told["title"], str(told.get("errors")))

"""Events may be reacted to in any order, and beside each other."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

import app
from chalicelib.conversations.events import MessageCreated
from chalicelib.edge import consume
from chalicelib.kit.events import Recorded
from chalicelib.platform.observability.observe import Call, observe
from tests.support.sockets import Management
from tests.support.team import Guest, Team, sign_up

Records = list[dict[str, Any]]
_CHANGES = ["conversation.closed", "conversation.opened", "conversation.assigned"]


def live_through(team: Team, ends_closed: bool) -> tuple[Guest, str]:
    """A visitor who is online, and a conversation with a story."""
    guest = team.guest()
    socket = team.socket(guest)
    page = {"url": "https://shop.example/", "title": "Shop"}
    socket.send({"action": "presence", "page": page, "state": "active"})
    talk = guest.start("Hello")["conversation"]["id"]
    guest.say(talk, "Are you there?")
    team.owner.post(f"/v1/conversations/{talk}/close", {}).ok()
    guest.say(talk, "And?")
    team.owner.post(f"/v1/conversations/{talk}/assign", {"assignee_id": team.owner.id}).ok()
    if ends_closed:
        team.owner.post(f"/v1/conversations/{talk}/close", {}).ok()
    contact = team.owner.get(f"/v1/conversations/{talk}").ok()["contact"]["id"]
    team.owner.patch(f"/v1/contacts/{contact}", {"name": f"Ann {talk[-4:]}"}).ok()
    return guest, talk


def shuffle(records: Records, dice: random.Random) -> Iterator[Records]:
    """Batches in no order at all, not even of one conversation."""
    mixed = dice.sample(records, len(records))
    cuts = [0, *sorted(dice.sample(range(1, len(mixed)), min(9, len(mixed) - 1))), len(mixed)]
    yield from (mixed[begin:end] for begin, end in pairwise(cuts))


def consume_batch(batch: Records) -> None:
    assert app.consume_outbox({"Records": batch}, None) == {"batchItemFailures": []}


def test_who_has_left_the_team_hears_nothing_more_of_the_same_batch(team: Team) -> None:
    """Although who speaks of it needs less time than who closes the sockets."""
    ben, guest = team.join("Ben"), team.guest()
    talks = [str(guest.start()["conversation"]["id"]) for _ in range(8)]
    team.pump()
    socket = team.socket(ben, "conversations", f"assigned/{ben.id}", *map(topic_of, talks))
    team.owner.delete(f"/v1/users/{ben.id}").ok()
    for talk in talks:
        guest.say(talk, "Now that Ben has gone")
    records = team.records()
    consume_batch(records[-1:] + records[:-1])
    assert socket.frames == []


def topic_of(conversation_id: str) -> str:
    return f"conversation/{conversation_id}"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_and_however_many_at_once_everybody_sees_the_same_in_the_end(
    team: Team, seed: int
) -> None:
    """As Lambda has it, with ten batches of a shard at a time."""
    dashboard = team.socket(team.owner, "conversations", "visitors")
    stories = [live_through(team, ends_closed=bool(number % 2)) for number in range(4)]
    dice = random.Random(seed)
    with ThreadPoolExecutor(10) as pool:
        while records := team.records():
            list(pool.map(consume_batch, shuffle(records, dice)))
    online = {each["id"]: each for each in team.owner.get("/v1/visitors").ok()["data"]}
    for guest, talk in stories:
        fresh = team.owner.get(f"/v1/conversations/{talk}").ok()
        told = newest(
            frame["data"]["conversation"]
            for frame in dashboard.frames
            if frame["data"].get("conversation", {}).get("id") == talk
        )
        assert told["version"] == fresh["version"]
        assert told["status"] == fresh["status"]
        assert told["contact"]["name"] == fresh["contact"]["name"] == f"Ann {talk[-4:]}"
        said = {
            each["message"]["seq"]
            for each in dashboard.of("message.created")
            if each["message"]["conversation_id"] == talk
        }
        assert said == {1, 2, 3}
        timeline = team.owner.get(f"/v1/conversations/{talk}/timeline").ok()["data"]
        changes = [each["name"] for each in timeline if each["kind"] == "event"]
        closed = fresh["status"] == "closed"
        assert changes == [*_CHANGES, *(["conversation.closed"] if closed else [])]
        assert online[guest.visitor_id]["in_chat"] == (None if closed else talk)
        frames = [*dashboard.of("visitor.online"), *dashboard.of("visitor.moved")]
        seen = [frame["visitor"] for frame in frames]
        moved = newest(each for each in seen if each["id"] == guest.visitor_id)
        assert moved["in_chat"] == (None if closed else talk)


def newest(told: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What those who look have in the end: each keeps what has the greatest version."""
    return max(told, key=lambda each: int(each["version"]))


@pytest.mark.parametrize("seed", range(3))
def test_of_two_chats_of_a_visitor_the_list_shows_the_last_begun_that_is_not_closed(
    team: Team, seed: int
) -> None:
    guest = team.guest()
    page = {"url": "https://shop.example/", "title": "Shop"}
    team.socket(guest).send({"action": "presence", "page": page, "state": "active"})
    first, second = (guest.start()["conversation"]["id"] for _ in range(2))
    for number in range(4):
        for change in ("close", "open"):
            team.owner.post(f"/v1/conversations/{first}/{change}", {}).ok()
        if number < 3:
            team.owner.post(f"/v1/conversations/{second}/close", {}).ok()
            team.owner.post(f"/v1/conversations/{second}/open", {}).ok()
    team.owner.post(f"/v1/conversations/{second}/close", {}).ok()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(consume_batch, shuffle(team.records(), random.Random(seed))))
    (visitor,) = team.owner.get("/v1/visitors").ok()["data"]
    assert visitor["in_chat"] == first


def test_who_notes_a_chat_from_what_was_a_moment_ago_looks_again(team: Team) -> None:
    """Closed and told of, all between the look and the note of the reaction to its opening."""
    guest, talk = live_through(team, ends_closed=True)
    team.pump()
    team.owner.post(f"/v1/conversations/{talk}/open", {}).ok()
    opened = team.records()
    closed = False

    def close(call: Call) -> None:
        nonlocal closed
        if call.operation == "GetItem" and not closed:
            closed = True
            team.owner.post(f"/v1/conversations/{talk}/close", {}).ok()
            consume_batch(team.records())

    with observe(close):
        consume_batch(opened)
    assert closed
    (visitor,) = team.owner.get("/v1/visitors").ok()["data"]
    assert (visitor["id"], visitor["in_chat"]) == (guest.visitor_id, None)


def test_a_conversation_whose_events_take_long_keeps_no_other_of_its_workspace_waiting(
    management: Management,
) -> None:
    team = sign_up(management)
    slow, quick = (team.guest().start()["conversation"]["id"] for _ in range(2))
    shown = threading.Event()
    order: list[str] = []

    def react(recorded: Recorded) -> None:
        talk = recorded.event.conversation_id  # type: ignore[attr-defined]
        if talk == slow:
            assert shown.wait(10), "the other conversation's event waits behind ours"
        shown.set()
        order.append(talk)

    answer = consume.consume(team.records(), {MessageCreated: [react]})
    assert answer == {"batchItemFailures": []}
    assert order == [quick, slow]

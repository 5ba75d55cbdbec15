"""Events of different entities may be reacted to in any order, and beside each other."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

import app
from chalicelib.conversations.events import MessageCreated
from chalicelib.edge import consume
from chalicelib.kit.events import Recorded
from tests.support.sockets import Management
from tests.support.team import Guest, Team, sign_up

Records = list[dict[str, Any]]
_CHANGES = ["conversation.closed", "conversation.opened", "conversation.assigned"]


def lived(team: Team, ends_closed: bool) -> tuple[Guest, str]:
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


def entity_of(record: dict[str, Any]) -> str:
    data = json.loads(record["dynamodb"]["NewImage"]["data"]["S"])
    return str(data.get("conversation_id") or data.get("contact_id") or data.get("user_id"))


def shuffled(records: Records, dice: random.Random) -> Iterator[Records]:
    """Batches in any order between entities, each entity's own kept."""
    waiting: dict[str, Records] = {}
    for record in records:
        waiting.setdefault(entity_of(record), []).append(record)
    mixed = []
    while waiting:
        whose = dice.choice(sorted(waiting))
        mixed.append(waiting[whose].pop(0))
        if not waiting[whose]:
            del waiting[whose]
    cuts = [0, *sorted(dice.sample(range(1, len(mixed)), 3)), len(mixed)]
    yield from (mixed[begin:end] for begin, end in pairwise(cuts))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_between_entities_everybody_sees_the_same_in_the_end(
    team: Team, seed: int
) -> None:
    dashboard = team.socket(team.owner, "conversations", "visitors")
    stories = [lived(team, ends_closed=bool(number % 2)) for number in range(4)]
    dice = random.Random(seed)
    while records := team.records():
        for batch in shuffled(records, dice) if len(records) > 4 else [records]:
            assert app.consume_outbox({"Records": batch}, None) == {"batchItemFailures": []}
    online = {each["id"]: each for each in team.owner.get("/v1/visitors").ok()["data"]}
    for guest, talk in stories:
        fresh = team.owner.get(f"/v1/conversations/{talk}").ok()
        frames = [
            frame["data"]["conversation"]
            for frame in dashboard.frames
            if frame["data"].get("conversation", {}).get("id") == talk
        ]
        versions = [each["version"] for each in frames]
        assert versions == sorted(versions)
        assert versions[-1] == fresh["version"]
        assert frames[-1]["contact"]["name"] == fresh["contact"]["name"] == f"Ann {talk[-4:]}"
        said = [
            each["message"]["seq"]
            for each in dashboard.of("message.created")
            if each["message"]["conversation_id"] == talk
        ]
        assert said == [1, 2, 3]
        timeline = team.owner.get(f"/v1/conversations/{talk}/timeline").ok()["data"]
        told = [each["name"] for each in timeline if each["kind"] == "event"]
        closed = fresh["status"] == "closed"
        assert told == [*_CHANGES, *(["conversation.closed"] if closed else [])]
        assert online[guest.visitor_id]["in_chat"] == (None if closed else talk)


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

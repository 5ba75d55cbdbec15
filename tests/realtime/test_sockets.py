"""Opening sockets, listening to topics, and what happens when they break."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from chalicelib.kit import instants
from chalicelib.realtime import service, store
from tests.support.sockets import Socket
from tests.support.team import Team


def test_a_ticket_opens_one_socket_for_thirty_seconds(team: Team) -> None:
    ticket = team.owner.post("/v1/socket-tickets").ok()
    assert ticket["expires_in"] == 30
    assert Socket(team.management, team.owner, ticket["ticket"]).status == 200
    assert Socket(team.management, team.owner, ticket["ticket"]).status == 401
    assert Socket(team.management, team.owner, "made up").status == 401
    late = team.owner.post("/v1/socket-tickets").ok()["ticket"]
    with time_machine.travel(instants.now() + timedelta(seconds=31)):
        assert Socket(team.management, team.owner, late).status == 401


def test_ping_is_answered(team: Team) -> None:
    socket = team.socket(team.guest())
    socket.send({"action": "ping"})
    assert socket.frames == [{"type": "pong"}]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", "request.malformed"),
        ("[1]", "request.invalid"),
        ('{"action": "dance"}', "request.invalid"),
        ('{"action": "subscribe"}', "request.invalid"),
        ('{"action": "subscribe", "topic": "conversations", "more": 1}', "request.invalid"),
        ('{"action": "subscribe", "topic": "nothing"}', "topic.not_found"),
        ('{"action": "subscribe", "topic": "conversation/cnv_none"}', "conversation.not_found"),
        ('{"action": "presence", "page": {"url": "x"}, "state": "active"}', "auth.forbidden"),
        ('{"action": "ping", "x": "' + "y" * 40_000 + '"}', "request.too_large"),
        ("[" * 5000, "request.malformed"),
        ('{"action": "\\ud800"}', "request.malformed"),
    ],
)
def test_a_bad_frame_is_answered_and_the_socket_lives_on(team: Team, frame: str, code: str) -> None:
    socket = team.socket(team.owner)
    socket.send(frame)
    assert socket.frames[-1]["type"] == "problem"
    assert socket.frames[-1]["data"]["code"] == code
    socket.send({"action": "ping"})
    assert socket.frames[-1] == {"type": "pong"}


def test_visitors_cannot_listen_to_the_teams_topics(team: Team) -> None:
    guest = team.guest()
    socket = team.socket(guest)
    for topic in ("conversations", "visitors", "conversation/cnv_x", f"contact/{'x'}"):
        socket.send({"action": "subscribe", "topic": topic})
        assert socket.frames[-1]["data"]["code"] == "auth.forbidden"
    team.guest().start()
    team.pump()
    assert [frame["type"] for frame in socket.frames] == ["problem"] * 4


def test_a_broken_connection_is_forgotten_by_its_own_id(team: Team) -> None:
    broken, alive = (team.socket(team.owner, "conversations") for _ in range(2))
    broken.cut()
    with time_machine.travel(instants.now() + service.OPENING):
        team.guest().start()
        team.pump()
        assert broken.frames == []
        assert alive.of("message.created")
        team.management.open.add(broken.id)
        team.guest().start()
        team.pump()
        assert broken.frames == []


def test_a_connection_that_is_still_opening_is_not_taken_for_a_broken_one(team: Team) -> None:
    guest = team.guest()
    opening = team.socket(guest)
    opening.cut()
    conversation_id = guest.start()["conversation"]["id"]
    team.pump()
    team.management.open.add(opening.id)
    guest.say(conversation_id, "Anybody there?")
    team.pump()
    assert [each["message"]["text"] for each in opening.of("message.created")] == ["Anybody there?"]


def test_a_dashboard_can_listen_to_a_single_conversation(team: Team) -> None:
    guest, another = team.guest(), team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    other_id = another.start()["conversation"]["id"]
    team.pump()
    one = team.socket(team.owner, f"conversation/{conversation_id}")
    both = team.socket(team.owner, "conversations", f"conversation/{conversation_id}")
    guest.say(conversation_id, "here")
    another.say(other_id, "elsewhere")
    team.owner.post(f"/v1/conversations/{conversation_id}/read", {"seq": 2}).ok()
    team.owner.post(f"/v1/conversations/{conversation_id}/close").ok()
    team.pump()
    browser = team.socket(guest)
    browser.send({"action": "typing", "conversation_id": conversation_id})
    both.send({"action": "viewing", "entity": conversation_id})

    kinds = [frame["type"] for frame in one.frames]
    assert kinds == ["message.created", "message.read", "conversation.closed", "typing", "viewing"]
    ids = [frame["id"] for frame in both.frames]
    assert len(ids) == len(set(ids)) == len(kinds) + 1


def test_a_subscription_is_confirmed_once_nothing_will_be_missed(team: Team) -> None:
    socket = team.socket(team.owner)
    socket.send({"action": "subscribe", "topic": "conversations"})
    assert socket.topics == ["conversations"]
    socket.send({"action": "subscribe", "topic": "nothing"})
    assert socket.topics == ["conversations"]


def test_unsubscribing_stops_the_frames(team: Team) -> None:
    socket = team.socket(team.owner, "conversations")
    socket.send({"action": "unsubscribe", "topic": "conversations"})
    team.guest().start()
    team.pump()
    assert socket.frames == []


def test_unsubscribing_from_one_topic_leaves_the_other(team: Team) -> None:
    guest, another = team.guest(), team.guest()
    one, other = (each.start()["conversation"]["id"] for each in (guest, another))
    team.pump()
    sockets = {
        left: team.socket(team.owner, "conversations", f"conversation/{one}")
        for left in ("conversations", f"conversation/{one}")
    }
    for left, socket in sockets.items():
        socket.send({"action": "unsubscribe", "topic": left})
    for each, conversation_id in ((guest, one), (another, other)):
        each.say(conversation_id, "more")
    team.pump()
    heard = {
        left: {each["message"]["conversation_id"] for each in socket.of("message.created")}
        for left, socket in sockets.items()
    }
    assert heard == {"conversations": {one}, f"conversation/{one}": {one, other}}


def test_colleagues_see_who_looks_at_a_conversation(team: Team) -> None:
    conversation_id = team.guest().start()["conversation"]["id"]
    carl = team.join("Carl")
    topic = f"conversation/{conversation_id}"
    first, second = team.socket(team.owner, topic), team.socket(carl, topic)
    first.send({"action": "viewing", "entity": conversation_id})
    second.send({"action": "viewing", "entity": conversation_id})
    names = sorted(each["name"] for each in first.of("viewing")[-1]["operators"])
    assert names == ["Carl", "Olga"]


def test_who_looks_and_who_types_is_told_to_those_alone_who_have_it_open(team: Team) -> None:
    guest = team.guest()
    conversation_id, other = guest.start()["conversation"]["id"], team.guest().start()
    here = team.socket(team.owner, "conversations", f"conversation/{conversation_id}")
    elsewhere = team.socket(
        team.join("Carl"), "conversations", f"conversation/{other['conversation']['id']}"
    )
    team.socket(guest).send({"action": "typing", "conversation_id": conversation_id})
    here.send({"action": "viewing", "entity": conversation_id})
    assert (len(here.of("typing")), len(here.of("viewing"))) == (1, 1)
    assert (elsewhere.of("typing"), elsewhere.of("viewing")) == ([], [])


def test_who_goes_on_to_another_conversation_or_leaves_is_no_longer_seen(team: Team) -> None:
    first, second = (team.guest().start()["conversation"]["id"] for _ in "ab")
    carl = team.join("Carl")
    topics = [f"conversation/{first}", f"conversation/{second}"]
    olgas, carls = team.socket(team.owner, *topics), team.socket(carl, *topics)

    def seen_at(conversation_id: str) -> list[str]:
        olgas.send({"action": "viewing", "entity": conversation_id})
        return sorted(each["name"] for each in olgas.of("viewing")[-1]["operators"])

    carls.send({"action": "viewing", "entity": first})
    assert seen_at(first) == ["Carl", "Olga"]
    carls.send({"action": "viewing", "entity": second})
    assert (seen_at(first), seen_at(second)) == (["Olga"], ["Carl", "Olga"])
    carls.close()
    assert seen_at(second) == ["Olga"]


def test_a_connection_listens_to_a_hundred_conversations_at_most(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "TOPICS_LIMIT", 2)
    mine = [team.guest().start()["conversation"]["id"] for _ in range(3)]
    socket = team.socket(team.owner, *(f"conversation/{each}" for each in mine))
    assert socket.topics == [f"conversation/{each}" for each in mine[:2]]
    assert socket.frames[-1]["data"]["code"] == "topic.too_many"
    socket.send({"action": "subscribe", "topic": f"conversation/{mine[0]}"})
    socket.send({"action": "unsubscribe", "topic": f"conversation/{mine[0]}"})
    socket.send({"action": "subscribe", "topic": f"conversation/{mine[2]}"})
    assert [topic[-26:] for topic in socket.topics[2:]] == [mine[0][-26:], mine[2][-26:]]


def test_a_removed_member_hears_nothing_more(team: Team) -> None:
    carl = team.join("Carl")
    socket = team.socket(carl, "conversations")
    team.owner.delete(f"/v1/users/{carl.id}").ok()
    team.pump()
    assert socket.id not in team.management.open
    team.guest().start()
    team.pump()
    assert socket.of("message.created") == []
    assert carl.get("/v1/conversations").status == 401


def test_who_missed_a_frame_is_told_of_the_gap_before_the_next(team: Team) -> None:
    guest = team.guest()
    behind, other = (team.socket(team.owner, "conversations") for _ in range(2))
    team.management.refusing[behind.id] = 413
    conversation_id = guest.start()["conversation"]["id"]
    team.pump()
    assert (behind.frames, len(other.of("message.created"))) == ([], 1)
    del team.management.refusing[behind.id]
    for text in ("Are you there?", "Hello?"):
        guest.say(conversation_id, text)
        team.pump()
    kinds = [frame["type"] for frame in behind.frames]
    assert kinds == ["gap", "message.created", "message.created"]
    assert "gap" not in [frame["type"] for frame in other.frames]

"""Messages: numbered, never twice, never lost, to the right people."""

from __future__ import annotations

import json

import pytest

from infra.openapi import render
from tests.support.team import Team, fresh

_TOLD = ("conversation.created", "message.created", "conversation.closed")


def test_messages_are_numbered_without_gaps_whoever_writes(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start("one")["conversation"]["id"]
    guest.say(conversation_id, "two")
    reply(team, conversation_id, "three")
    guest.say(conversation_id, "four")

    for reader, path in ((team.owner, "conversations"), (guest, "widget/conversations")):
        messages = reader.get(f"/v1/{path}/{conversation_id}/messages").ok()["data"]
        assert [(each["seq"], each["text"]) for each in messages] == [
            (1, "one"),
            (2, "two"),
            (3, "three"),
            (4, "four"),
        ]


def test_resending_a_client_id_answers_the_first_message_and_adds_none(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    client_id = fresh()
    first = guest.say(conversation_id, "only once", client_id)
    guest.say(conversation_id, "another")

    assert guest.say(conversation_id, "only once", client_id) == first
    texts = [each["text"] for each in messages_of(team, conversation_id)]
    assert texts == ["Hello", "only once", "another"]


def test_a_client_id_with_another_text_is_a_conflict(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    client_id = fresh()
    guest.say(conversation_id, "this", client_id)

    answer = guest.post(
        f"/v1/widget/conversations/{conversation_id}/messages",
        {"text": "that", "client_id": client_id},
    )
    assert (answer.status, answer.code) == (409, "idempotency.mismatch")
    assert len(messages_of(team, conversation_id)) == 2


def test_resending_a_beginning_makes_one_conversation(team: Team) -> None:
    guest, client_id = team.guest(), fresh()
    first = guest.start("Hi there", client_id)
    assert guest.start("Hi there", client_id)["message"]["id"] == first["message"]["id"]
    assert len(team.owner.get("/v1/conversations").ok()["data"]) == 1

    other = guest.post("/v1/widget/conversations", {"text": "Other", "client_id": client_id})
    assert (other.status, other.code) == (409, "idempotency.mismatch")


def test_a_visitor_may_have_several_conversations(team: Team) -> None:
    guest = team.guest()
    first, second = guest.start("first")["conversation"], guest.start("second")["conversation"]
    guest.say(first["id"], "again")
    listed = guest.get("/v1/widget/conversations").ok()["data"]
    assert [each["id"] for each in listed] == [first["id"], second["id"]]
    assert listed[0]["last_message"]["text"] == "again"


def test_nothing_is_kept_of_a_message_that_is_refused(team: Team) -> None:
    guest, stranger = team.guest(), team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    path = f"/v1/widget/conversations/{conversation_id}/messages"
    body = {"text": "Hi", "client_id": fresh()}
    refused = {
        "blank": guest.post(path, {**body, "text": " \n "}).status,
        "long": guest.post(path, {**body, "text": "x" * 10_001}).status,
        "unknown field": guest.post(path, {**body, "seq": 1}).status,
        "stranger": stranger.post(path, body).status,
    }
    assert refused == {
        "blank": 422,
        "long": 422,
        "unknown field": 422,
        "stranger": 404,
    }
    assert [each["text"] for each in messages_of(team, conversation_id)] == ["Hello"]
    assert guest.post(path, {**body, "text": "x" * 10_000}).status == 201


def test_a_message_reaches_the_team_and_only_its_own_customer(team: Team) -> None:
    guest, stranger = team.guest(), team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    dashboard = team.socket(team.owner, "conversations")
    theirs, others = team.socket(guest), team.socket(stranger)
    reply(team, conversation_id, "At your service")
    team.pump()

    for socket in (dashboard, theirs):
        assert socket.of("message.created")[-1]["message"]["text"] == "At your service"
    assert others.frames == []
    assert "contact" not in theirs.of("message.created")[-1]["conversation"]


def test_delivery_goes_from_sent_to_delivered_to_read(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    assert reply(team, conversation_id, "offline")["delivery"] == "sent"
    team.pump()
    assert messages_of(team, conversation_id)[-1]["delivery"] == "sent"

    dashboard, theirs = team.socket(team.owner, "conversations"), team.socket(guest)
    reply(team, conversation_id, "online")
    team.pump()
    assert messages_of(team, conversation_id)[-1]["delivery"] == "delivered"

    guest.post(f"/v1/widget/conversations/{conversation_id}/read", {"seq": 3}).ok()
    team.pump()
    assert [each["delivery"] for each in messages_of(team, conversation_id)[1:]] == ["read"] * 2
    assert [each["state"] for each in dashboard.of("message.read")] == ["delivered", "read"]
    assert theirs.of("message.read") == dashboard_view_for_customers(dashboard.of("message.read"))


def test_what_a_browser_fetches_is_delivered(team: Team) -> None:
    guest, stranger = team.guest(), team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    dashboard = team.socket(team.owner, "conversations")
    for text in ("one", "two"):
        reply(team, conversation_id, text)
    team.pump()
    path = f"/v1/widget/conversations/{conversation_id}/messages"

    assert stranger.get(path).status == 404
    assert [each["delivery"] for each in messages_of(team, conversation_id)[1:]] == ["sent"] * 2
    guest.get(f"{path}?after_seq=0&limit=2").ok()
    seen = [each["delivery"] for each in messages_of(team, conversation_id)[1:]]
    assert seen == ["delivered", "sent"], "only what was fetched"
    guest.get(path).ok()
    guest.get(path).ok()
    assert [(each["seq"], each["state"]) for each in dashboard.of("message.read")] == [
        (2, "delivered"),
        (3, "delivered"),
    ]


def test_a_frame_that_was_refused_is_not_delivered(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    theirs = team.socket(guest)
    team.management.refusing[theirs.id] = 413
    reply(team, conversation_id, "too much")
    team.pump()
    assert messages_of(team, conversation_id)[-1]["delivery"] == "sent"
    del team.management.refusing[theirs.id]
    reply(team, conversation_id, "again")
    team.pump()
    assert messages_of(team, conversation_id)[-1]["delivery"] == "delivered"


def test_the_customer_sees_when_the_team_has_read(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    theirs = team.socket(guest)
    team.owner.post(f"/v1/conversations/{conversation_id}/read", {"seq": 1}).ok()
    team.pump()
    assert theirs.of("message.read") == [
        {"conversation_id": conversation_id, "by": "team", "seq": 1, "state": "read"}
    ]
    listed = guest.get("/v1/widget/conversations").ok()["data"][0]
    assert listed["team_read_seq"] == 1


def test_unread_counts_are_per_operator_and_end_with_an_answer(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    guest.say(conversation_id, "anybody?")
    assert unread(team, conversation_id) == 2
    team.owner.post(f"/v1/conversations/{conversation_id}/read", {"seq": 1}).ok()
    assert unread(team, conversation_id) == 1
    reply(team, conversation_id, "yes")
    assert unread(team, conversation_id) == 0
    guest.say(conversation_id, "good")
    assert unread(team, conversation_id) == 1


@pytest.mark.parametrize(("asked", "seqs"), [("after_seq=2", [3, 4, 5]), ("before_seq=3", [1, 2])])
def test_messages_can_be_read_from_a_place_on(team: Team, asked: str, seqs: list[int]) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    for number in range(4):
        guest.say(conversation_id, f"message {number}")
    page = guest.get(f"/v1/widget/conversations/{conversation_id}/messages?{asked}").ok()
    assert [each["seq"] for each in page["data"]] == seqs


def test_both_sides_see_each_other_typing_and_strangers_do_not(team: Team) -> None:
    guest, stranger = team.guest(), team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    dashboard = team.socket(team.owner, f"conversation/{conversation_id}")
    theirs, others = team.socket(guest), team.socket(stranger)

    theirs.send({"action": "typing", "conversation_id": conversation_id})
    assert dashboard.of("typing")[0]["conversation_id"] == conversation_id
    assert theirs.of("typing") == []
    dashboard.send({"action": "typing", "conversation_id": conversation_id})
    assert theirs.of("typing")[0]["author"]["name"] == "Olga"
    others.send({"action": "typing", "conversation_id": conversation_id})
    assert others.frames[-1]["data"]["code"] == "conversation.not_found"
    assert len(dashboard.of("typing")) == 1


def reply(team: Team, conversation_id: str, text: str) -> dict[str, object]:
    sent: dict[str, object] = team.owner.post(
        f"/v1/conversations/{conversation_id}/messages", {"text": text, "client_id": fresh()}
    ).ok()
    return sent


def messages_of(team: Team, conversation_id: str) -> list[dict[str, str]]:
    page = team.owner.get(f"/v1/conversations/{conversation_id}/messages").ok()
    data: list[dict[str, str]] = page["data"]
    return data


def test_frames_go_to_many_and_count_what_is_unread_for_nobody(team: Team) -> None:
    conversation_id = team.guest().start()["conversation"]["id"]
    dashboard = team.socket(team.owner, "conversations")
    team.owner.post(f"/v1/conversations/{conversation_id}/close").ok()
    team.pump()
    told = [data["conversation"] for kind in _TOLD for data in dashboard.of(kind)]
    assert len(told) == len(_TOLD)
    assert {conversation["unread"] for conversation in told} == {None}
    shapes = json.loads(render())["components"]["schemas"]
    assert shapes["ConversationOut"]["properties"]["unread"] == {"type": "integer"}
    assert set(told[0]) == set(shapes["ConversationOut"]["required"])


def unread(team: Team, conversation_id: str) -> int:
    return int(team.owner.get(f"/v1/conversations/{conversation_id}").ok()["unread"])


def dashboard_view_for_customers(told: list[dict[str, object]]) -> list[dict[str, object]]:
    """What a customer is told of the same readings: no reader, no deliveries."""
    return [
        {name: value for name, value in each.items() if name != "reader_id"}
        for each in told
        if each["state"] == "read"
    ]

"""Conversations and the people who have them: renamed, removed, gone at the wrong moment."""

from __future__ import annotations

from typing import Any

import pytest

import app
from chalicelib.conversations import store
from tests.auth import people
from tests.support.team import Guest, Person, Team, fresh


def test_a_new_name_shows_wherever_somebody_is_assigned(team: Team) -> None:
    guest, ben = team.guest(), team.join("Ben")
    ids = [assign_new(team, ben, guest) for _ in range(3)]
    act(team, ids[1], "snooze", {"until": None})
    act(team, ids[2], "close")
    mine = assign_new(team, team.owner, guest)
    team.pump()
    dashboard, browser = team.socket(team.owner, "conversations"), team.socket(guest)
    before = now(team, mine)

    ben.patch("/v1/me", {"name": "Benjamin"}).ok()
    assert team.pump() == ["member.updated", *["conversation.updated"] * 3]
    for each in ids:
        assert now(team, each)["assignee"] == {"id": ben.id, "name": "Benjamin"}
    for query in ("status=all", f"assignee={ben.id}", "assignee=none", "status=closed"):
        assert {*list_assignees(team, query)} <= {"Benjamin", "Olga"}
    assert list_assignees(team, f"status=all&assignee={ben.id}") == ["Benjamin"] * 3
    assert now(team, mine) == before
    for heard in (dashboard, browser):
        told = [each["conversation"] for each in heard.of("conversation.updated")]
        assert {each["id"]: each["assignee"]["name"] for each in told} == dict.fromkeys(
            ids, "Benjamin"
        )


def test_what_else_changes_of_somebody_changes_no_conversation(team: Team) -> None:
    ben = team.join("Ben")
    conversation_id = assign_new(team, ben)
    team.pump()
    before = now(team, conversation_id)
    ben.patch("/v1/me", {"status": "away"}).ok()
    team.owner.patch(f"/v1/users/{ben.id}", {"role": "admin"}).ok()
    assert team.pump() == ["member.updated"] * 2
    assert now(team, conversation_id) == before


@pytest.mark.parametrize("leaving", [False, True], ids=["removed", "leaving"])
def test_who_has_left_has_no_conversation_that_isnt_closed(team: Team, leaving: bool) -> None:
    guest, ben = team.guest(), team.join("Ben")
    ids = [assign_new(team, ben, guest) for _ in range(3)]
    act(team, ids[1], "snooze", {"until": None})
    act(team, ids[2], "close")
    mine = assign_new(team, team.owner)
    team.pump()
    dashboard, browser = team.socket(team.owner, "conversations"), team.socket(guest)

    (ben if leaving else team.owner).delete(f"/v1/users/{ben.id}").ok()
    assert team.pump() == ["member.removed", *["conversation.assigned"] * 2]
    assert [now(team, each)["assignee"] for each in ids[:2]] == [None, None]
    assert now(team, ids[2])["assignee"]["name"] == "Ben"
    assert now(team, mine)["assignee"]["name"] == "Olga"
    assert list_ids(team, f"assignee={ben.id}") == list_ids(
        team, f"assignee={ben.id}&status=snoozed"
    ) == []  # fmt: skip
    assert list_ids(team, "assignee=none") == ids[:1]
    assert list_ids(team, "assignee=none&status=snoozed") == ids[1:2]
    for heard in (dashboard, browser):
        told = [each["conversation"] for each in heard.of("conversation.assigned")]
        assert {(each["id"], each["assignee"]) for each in told} == {
            (each, None) for each in ids[:2]
        }
    line = team.owner.get(f"/v1/conversations/{ids[0]}/timeline").ok()["data"][-1]
    who = "Ben" if leaving else "Olga"
    assert (line["name"], line["actor"]["name"], line["data"]["assignee_id"]) == (
        "conversation.assigned", who, None,
    )  # fmt: skip


@pytest.mark.parametrize("removed", [False, True], ids=["renamed", "removed"])
def test_somebody_with_many_conversations_is_followed_part_by_part(
    team: Team, monkeypatch: pytest.MonkeyPatch, removed: bool
) -> None:
    guest, ben = team.guest(), team.join("Ben")
    for _ in range(13):
        assign_new(team, ben, guest)
        assign_new(team, team.owner, guest)
    team.pump()
    monkeypatch.setattr(store, "LOOKED_AT", 2)
    if removed:
        team.owner.delete(f"/v1/users/{ben.id}").ok()
    else:
        ben.patch("/v1/me", {"name": "Benjamin"}).ok()
    happened: list[str] = []
    while records := team.records():
        # The stream may bring everything twice.
        for record in (*records, *records):
            app.consume_outbox({"Records": [record]}, None)
        happened += [each["dynamodb"]["NewImage"]["name"]["S"] for each in records]
    changed = "conversation.assigned" if removed else "conversation.updated"
    assert (happened.count(changed), happened[0].partition(".")[0]) == (13, "member")
    assert happened.count("member.part_followed") >= 3
    names = list_assignees(team, "status=all&limit=100")
    assert sorted(names) == sorted(["nobody" if removed else "Benjamin"] * 13 + ["Olga"] * 13)


def test_what_was_given_to_somebody_at_the_moment_they_left_is_given_back(team: Team) -> None:
    ben = team.join("Ben")
    team.pump()
    given_to_ben = assign_new(team, ben)
    begun_by_ben = begin_as_team(team, ben)
    late = team.records()
    team.owner.delete(f"/v1/users/{ben.id}").ok()
    team.records()
    for _ in range(2):
        assert app.consume_outbox({"Records": late}, None) == {"batchItemFailures": []}
    assert team.pump() == ["conversation.assigned"] * 2
    for each in (given_to_ben, begun_by_ben):
        assert now(team, each)["assignee"] is None
        line = team.owner.get(f"/v1/conversations/{each}/timeline").ok()["data"][-1]
        assert line["actor"] == {"type": "system", "id": "system", "name": "Foyer"}


def test_a_conversation_that_opens_again_is_nobodys_if_who_had_it_left(team: Team) -> None:
    guest, ben = team.guest(), team.join("Ben")
    conversation_id = assign_new(team, ben, guest)
    act(team, conversation_id, "close")
    team.owner.delete(f"/v1/users/{ben.id}").ok()
    team.pump()
    assert now(team, conversation_id)["assignee"]["name"] == "Ben"
    guest.say(conversation_id, "one more thing")
    team.pump()
    assert now(team, conversation_id)["assignee"] is None
    assert list_ids(team, "assignee=none") == [conversation_id]


def test_who_was_removed_and_is_back_keeps_what_was_given_since(team: Team) -> None:
    ben = team.join("Ben")
    team.pump()
    team.owner.delete(f"/v1/users/{ben.id}").ok()
    late = [each for each in team.records() if "removed" in str(each)]
    team.owner.post("/v1/users", {"email": ben.email, "role": "operator"}).ok()
    team.pump()
    back(ben)
    conversation_id = assign_new(team, ben)
    app.consume_outbox({"Records": late}, None)
    team.pump()
    assert now(team, conversation_id)["assignee"]["name"] == "Ben"


def back(person: Person) -> None:
    """Take the place that was offered again."""
    link = people.token_in(people.mails_to(person.email)[-1])
    people.caller().post(f"/v1/invitations/{link}/accept", {"password": person.password}).ok()


def assign_new(team: Team, to: Person, guest: Guest | None = None) -> str:
    """A new conversation that is somebody's."""
    conversation_id: str = (guest or team.guest()).start()["conversation"]["id"]
    act(team, conversation_id, "assign", {"assignee_id": to.id})
    return conversation_id


def begin_as_team(team: Team, by: Person) -> str:
    """A new conversation that somebody of the team began."""
    contact_id = team.owner.post("/v1/contacts", {"name": "Ann"}).ok()["id"]
    new = {"contact_id": contact_id, "text": "Hi", "client_id": fresh()}
    return str(by.post("/v1/conversations", new).ok()["id"])


def act(team: Team, conversation_id: str, action: str, body: Any = None) -> None:
    team.owner.post(f"/v1/conversations/{conversation_id}/{action}", body).ok()


def now(team: Team, conversation_id: str) -> dict[str, Any]:
    conversation: dict[str, Any] = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
    return conversation


def list_ids(team: Team, query: str) -> list[str]:
    listed = team.owner.get(f"/v1/conversations?{query}").ok()["data"]
    return [each["id"] for each in listed]


def list_assignees(team: Team, query: str) -> list[str]:
    """The assignees of a list."""
    listed = team.owner.get(f"/v1/conversations?{query}").ok()["data"]
    return [each["assignee"]["name"] if each["assignee"] else "nobody" for each in listed]

"""Open, snoozed, closed, assigned: what may become of a conversation."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine

import app
from chalicelib.conversations import store, waking
from chalicelib.kit import instants
from chalicelib.platform.tables import due
from tests.support.clock import schedule_event
from tests.support.team import Guest, Team, fresh


def test_a_customers_message_opens_a_closed_conversation_once(team: Team) -> None:
    guest, conversation_id = begin(team)
    act(team, conversation_id, "close")
    team.pump()
    guest.say(conversation_id, "one more thing")
    guest.say(conversation_id, "and another")
    assert team.pump().count("conversation.opened") == 1
    assert now(team, conversation_id)["status"] == "open"


def test_a_reply_in_a_snoozed_conversation_keeps_its_time_for_snoozing_again(team: Team) -> None:
    guest, conversation_id = begin(team)
    until = later(hours=3)
    act(team, conversation_id, "snooze", {"until": until})
    guest.say(conversation_id, "hello?")
    conversation = now(team, conversation_id)
    assert (conversation["status"], conversation["snoozed_until"]) == ("open", None)
    assert conversation["snoozed_before"] == until


def test_snoozing_until_the_next_reply_has_no_time(team: Team) -> None:
    guest, conversation_id = begin(team)
    snoozed = act(team, conversation_id, "snooze", {"until": None})
    assert (snoozed["status"], snoozed["snoozed_until"]) == ("snoozed", None)
    tick(timedelta(days=300))
    assert now(team, conversation_id)["status"] == "snoozed"
    guest.say(conversation_id, "here I am")
    assert now(team, conversation_id)["status"] == "open"


def test_the_clock_opens_what_is_due_once_however_old(team: Team) -> None:
    _, due = begin(team)
    _, later_on = begin(team)
    act(team, due, "snooze", {"until": later(minutes=5)})
    act(team, later_on, "snooze", {"until": later(days=2)})
    team.pump()
    tick(timedelta(hours=30))
    tick(timedelta(hours=30))
    assert now(team, due)["status"] == "open"
    assert now(team, later_on)["status"] == "snoozed"
    assert team.pump().count("conversation.opened") == 1


def test_what_an_earlier_version_snoozed_wakes_as_well(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, conversation_id = begin(team)
    until = later(minutes=5)
    act(team, conversation_id, "snooze", {"until": until})
    row = store.conversation(team.workspace_id, conversation_id)
    assert row is not None
    row.due_key, row.due = "due#3", f"{until}#{conversation_id}"
    row.save()
    _forget_what_is_due(conversation_id)
    monkeypatch.setattr(waking, "_moved", threading.Event())
    tick(timedelta(hours=1))
    assert now(team, conversation_id)["status"] == "open"


def test_a_manual_close_wins_over_a_late_wake_up(team: Team) -> None:
    _, conversation_id = begin(team)
    act(team, conversation_id, "snooze", {"until": later(minutes=1)})
    act(team, conversation_id, "close")
    tick(timedelta(hours=1))
    assert now(team, conversation_id)["status"] == "closed"


def test_a_snooze_must_end_in_the_coming_year(team: Team) -> None:
    _, conversation_id = begin(team)
    path = f"/v1/conversations/{conversation_id}/snooze"
    for until in ("yesterday", later(minutes=-1), later(days=400), "2030-01-01T00:00:00", 17):
        answer = team.owner.post(path, {"until": until})
        assert answer.status == 422, until
    assert team.owner.post(path, {}).status == 422
    assert now(team, conversation_id)["status"] == "open"


def test_replying_assigns_an_unassigned_conversation_if_so_set(team: Team) -> None:
    _, conversation_id = begin(team)
    say(team, conversation_id)
    assert now(team, conversation_id)["assignee"]["name"] == "Olga"

    team.owner.patch("/v1/workspace", {"settings": {"assign_on_reply": False}}).ok()
    _, another = begin(team)
    say(team, another)
    assert now(team, another)["assignee"] is None


def test_claiming_what_somebody_has_tells_who_has_it(team: Team) -> None:
    _, conversation_id = begin(team)
    colleague = team.join("Carl")
    assert colleague.post(f"/v1/conversations/{conversation_id}/claim").ok()["assignee"][
        "name"
    ] == ("Carl")
    lost = team.owner.post(f"/v1/conversations/{conversation_id}/claim")
    assert (lost.status, lost.code) == (409, "conversation.claimed")
    assert "Carl" in lost.json["detail"]
    assert now(team, conversation_id)["assignee"]["id"] == colleague.id


def test_only_members_can_be_assigned(team: Team) -> None:
    _, conversation_id = begin(team)
    path = f"/v1/conversations/{conversation_id}/assign"
    assert team.owner.post(path, {"assignee_id": "usr_nobody"}).status == 422
    assert team.owner.post(path, {"assignee_id": team.owner.id}).ok()["assignee"]["name"] == "Olga"
    assert team.owner.post(path, {"assignee_id": None}).ok()["assignee"] is None


def test_doing_a_thing_twice_is_doing_it_once(team: Team) -> None:
    _, conversation_id = begin(team)
    once = act(team, conversation_id, "close")
    assert act(team, conversation_id, "close")["version"] == once["version"]
    assert team.pump().count("conversation.closed") == 1


def test_an_older_version_is_refused_when_the_caller_names_one(team: Team) -> None:
    _, conversation_id = begin(team)
    version = now(team, conversation_id)["version"]
    act(team, conversation_id, "snooze", {"until": None})
    path = f"/v1/conversations/{conversation_id}/close"
    assert team.owner.post(path, **{"If-Match": f'"{version}"'}).status == 412
    assert team.owner.post(path, **{"If-Match": f'"{version + 1}"'}).status == 200


def test_subject_priority_and_tags_can_be_changed_and_cleared(team: Team) -> None:
    _, conversation_id = begin(team)
    path = f"/v1/conversations/{conversation_id}"
    changed = team.owner.patch(
        path, {"subject": "Late parcel", "priority": "high", "tags": ["vip", "parcel"]}
    ).ok()
    assert (changed["subject"], changed["priority"]) == ("Late parcel", "high")
    assert changed["tags"] == ["parcel", "vip"]
    cleared = team.owner.patch(path, {"subject": None, "tags": []}).ok()
    assert (cleared["subject"], cleared["priority"], cleared["tags"]) == (None, "high", [])


def test_what_is_already_so_changes_nothing(team: Team) -> None:
    _, conversation_id = begin(team)
    path, until = f"/v1/conversations/{conversation_id}", later(hours=1)
    whole = {"subject": "Late parcel", "priority": "high", "tags": ["vip", "parcel"]}
    team.owner.patch(path, whole).ok()
    act(team, conversation_id, "assign", {"assignee_id": team.owner.id})
    before = act(team, conversation_id, "snooze", {"until": until})
    team.pump()
    for same in ({}, whole, {"tags": ["parcel", "vip", "vip"]}):
        assert team.owner.patch(path, same).ok() == before
    act(team, conversation_id, "snooze", {"until": until})
    act(team, conversation_id, "claim")
    assert (team.pump(), now(team, conversation_id)) == ([], before)


def test_each_change_is_a_line_of_the_timeline_with_its_actor(team: Team) -> None:
    guest, conversation_id = begin(team)
    act(team, conversation_id, "snooze", {"until": later(hours=1)})
    act(team, conversation_id, "close")
    guest.say(conversation_id, "back again")
    team.pump()
    page = team.owner.get(f"/v1/conversations/{conversation_id}/timeline").ok()
    lines = [
        (each.get("text") or each["name"], each.get("actor", {}).get("type"))
        for each in page["data"]
    ]
    assert lines == [
        ("Hello", None),
        ("conversation.snoozed", "operator"),
        ("conversation.closed", "operator"),
        ("back again", None),
        ("conversation.opened", "contact"),
    ]


def test_the_timeline_pages_back_without_missing_or_repeating(team: Team) -> None:
    guest, conversation_id = begin(team)
    for number in range(6):
        guest.say(conversation_id, f"message {number}")
        act(team, conversation_id, "close")
        team.pump()
    seen: list[str] = []
    path = f"/v1/conversations/{conversation_id}/timeline"
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = team.owner.get(f"{path}?limit=4{more}").ok()
        seen = [each["id"] for each in page["data"]] + seen
        cursor = page["next_cursor"]
    whole = team.owner.get(f"{path}?limit=100").ok()["data"]
    assert seen == [each["id"] for each in whole]
    assert len(seen) == len(set(seen)) == 7 + 6 + 5


def test_bulk_actions_succeed_and_fail_one_by_one(team: Team) -> None:
    _, first = begin(team)
    _, second = begin(team)
    told = team.owner.post(
        "/v1/conversations/bulk", {"ids": [first, "cnv_none", second], "action": "close"}
    ).ok()["data"]
    assert [(each["ok"], each["code"]) for each in told] == [
        (True, None),
        (False, "conversation.not_found"),
        (True, None),
    ]
    assert now(team, first)["status"] == now(team, second)["status"] == "closed"


def test_a_bulk_action_that_cant_be_done_to_any_changes_nothing(team: Team) -> None:
    ids = [begin(team)[1], begin(team)[1]]
    team.pump()

    def refusals(**asked: Any) -> list[str]:
        answer = team.owner.post("/v1/conversations/bulk", {"ids": ids, **asked})
        assert answer.status == 422, asked
        return [error["field"] for error in answer.json["errors"]]

    for until in ("tomorrow", later(minutes=-1), later(days=400), "2030-01-01T00:00:00", "", 17):
        assert refusals(action="snooze", until=until) == ["until"]
    assert refusals(action="assign", assignee_id="usr_nobody") == ["assignee_id"]
    assert refusals(action="close", until=later(hours=1)) == ["until"]
    assert team.pump() == []
    assert {now(team, each)["status"] for each in ids} == {"open"}


def test_many_can_be_snoozed_and_assigned_at_once(team: Team) -> None:
    ids, until = [begin(team)[1], begin(team)[1]], later(hours=1)
    for asked in (
        {"action": "snooze", "until": until},
        {"action": "assign", "assignee_id": team.owner.id},
    ):
        told = team.owner.post("/v1/conversations/bulk", {"ids": ids, **asked}).ok()["data"]
        assert [each["ok"] for each in told] == [True, True]
    for each in ids:
        seen = now(team, each)
        assert (seen["snoozed_until"], seen["assignee"]["name"]) == (until, "Olga")


def begin(team: Team) -> tuple[Guest, str]:
    guest = team.guest()
    return guest, guest.start()["conversation"]["id"]


def act(team: Team, conversation_id: str, action: str, body: Any = None) -> dict[str, Any]:
    changed: dict[str, Any] = team.owner.post(
        f"/v1/conversations/{conversation_id}/{action}", body
    ).ok()
    return changed


def now(team: Team, conversation_id: str) -> dict[str, Any]:
    conversation: dict[str, Any] = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
    return conversation


def say(team: Team, conversation_id: str) -> None:
    team.owner.post(
        f"/v1/conversations/{conversation_id}/messages", {"text": "Hi", "client_id": fresh()}
    ).ok()


def tick(ahead: timedelta) -> None:
    """The schedule fires `ahead` of now."""
    with time_machine.travel(instants.now() + ahead):
        app.every_minute(schedule_event(), None)


def later(**delta: int) -> str:
    return instants.to_text(instants.now() + timedelta(**delta))


def _forget_what_is_due(conversation_id: str) -> None:
    for row in due.waiting(instants.now() + timedelta(days=400))[waking.WAKE]:
        if row.call.entity_id == conversation_id:
            row.delete()

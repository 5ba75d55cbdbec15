"""Lists of conversations: the right ones, in order, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.platform.tables import paging
from tests.support.team import Team, fresh


@pytest.mark.parametrize("sort", ["last_activity", "created", "waiting"])
@pytest.mark.parametrize("status", ["open", "all"])
def test_pages_neither_miss_nor_repeat_a_conversation(team: Team, sort: str, status: str) -> None:
    ids = {team.guest().start(f"number {number}")["conversation"]["id"] for number in range(7)}
    pages = walk(team, f"status={status}&sort={sort}&limit=3")
    assert [len(page) for page in pages] == [3, 3, 1]
    list_ids = [each["id"] for page in pages for each in page]
    assert len(list_ids) == len(ids)
    assert set(list_ids) == ids


def test_the_last_active_conversation_comes_first(team: Team) -> None:
    first, second = team.guest(), team.guest()
    early, late = first.start()["conversation"]["id"], second.start()["conversation"]["id"]
    assert list_ids(team) == [late, early]
    first.say(early, "me again")
    assert list_ids(team) == [early, late]
    assert list_ids(team, "sort=created") == [late, early]


def test_the_longest_waiting_customer_comes_first_and_the_answered_not_at_all(team: Team) -> None:
    guests = [team.guest() for _ in range(3)]
    ids = [guest.start()["conversation"]["id"] for guest in guests]
    guests[0].say(ids[0], "still waiting")
    team.owner.post(
        f"/v1/conversations/{ids[1]}/messages", {"text": "Yes?", "client_id": fresh()}
    ).ok()
    assert list_ids(team, "sort=waiting") == [ids[0], ids[2]]


def test_lists_can_be_narrowed_to_a_status_and_an_assignee(team: Team) -> None:
    ids = [team.guest().start()["conversation"]["id"] for _ in range(4)]
    team.owner.post(f"/v1/conversations/{ids[0]}/claim").ok()
    team.owner.post(f"/v1/conversations/{ids[1]}/snooze", {"until": None}).ok()
    team.owner.post(f"/v1/conversations/{ids[2]}/claim").ok()
    team.owner.post(f"/v1/conversations/{ids[2]}/close").ok()
    found = {
        "mine": list_ids(team, "assignee=me"),
        "mine, closed": list_ids(team, "assignee=me&status=closed"),
        "mine, all": set(list_ids(team, "assignee=me&status=all")),
        "by id": list_ids(team, f"assignee={team.owner.id}"),
        "nobody's": list_ids(team, "assignee=none"),
        "nobody's, snoozed": list_ids(team, "assignee=none&status=snoozed"),
        "snoozed": list_ids(team, "status=snoozed"),
    }
    assert found == {
        "mine": [ids[0]],
        "mine, closed": [ids[2]],
        "mine, all": {ids[0], ids[2]},
        "by id": [ids[0]],
        "nobody's": [ids[3]],
        "nobody's, snoozed": [ids[1]],
        "snoozed": [ids[1]],
    }


def test_lists_can_be_narrowed_to_a_tag(team: Team) -> None:
    ids = [team.guest().start()["conversation"]["id"] for _ in range(3)]
    for conversation_id, tags in ((ids[0], ["vip", "late"]), (ids[2], ["vip"])):
        team.owner.patch(f"/v1/conversations/{conversation_id}", {"tags": tags}).ok()
    team.owner.post(f"/v1/conversations/{ids[0]}/claim").ok()
    assert list_ids(team, "tag=vip") == [ids[2], ids[0]]
    assert list_ids(team, "tag=vip&assignee=me&status=all") == [ids[0]]
    assert list_ids(team, "tag=none") == []
    cursor = team.owner.get("/v1/conversations?tag=vip&limit=1").ok()["next_cursor"]
    assert list_ids(team, f"tag=vip&cursor={cursor}") == [ids[0]]
    assert team.owner.get(f"/v1/conversations?tag=late&cursor={cursor}").status == 422


def test_a_long_queue_is_listed_like_a_short_one(team: Team) -> None:
    guest = team.guest()
    ids = [guest.start(f"number {number}")["conversation"]["id"] for number in range(90)]
    pages = walk(team, "assignee=none&limit=40")
    assert [each["id"] for page in pages for each in page] == ids[::-1]


def test_a_contacts_conversations_can_be_listed(team: Team) -> None:
    guest = team.guest()
    ids = [guest.start()["conversation"]["id"] for _ in range(2)]
    team.guest().start()
    contact_id = team.owner.get(f"/v1/conversations/{ids[0]}").ok()["contact"]["id"]
    assert list_ids(team, f"contact={contact_id}&status=all") == ids[::-1]


def test_a_cursor_of_another_list_is_refused(team: Team) -> None:
    for number in range(3):
        team.guest().start(f"number {number}")
    cursor = team.owner.get("/v1/conversations?limit=1").ok()["next_cursor"]
    for elsewhere in ("status=closed", "assignee=me", "sort=created"):
        answer = team.owner.get(f"/v1/conversations?{elsewhere}&cursor={cursor}")
        assert answer.status == 422, elsewhere
        assert answer.json["errors"][0]["field"] == "cursor"
    changed = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
    assert team.owner.get(f"/v1/conversations?cursor={changed}").status == 422


def walk(team: Team, query: str) -> list[list[dict[str, Any]]]:
    """All pages of a list."""
    pages: list[list[dict[str, Any]]] = []
    cursor = None
    while not pages or cursor:
        page = team.owner.get(
            f"/v1/conversations?{query}" + (f"&cursor={cursor}" if cursor else "")
        ).ok()
        pages.append(page["data"])
        cursor = page["next_cursor"]
    return pages


def list_ids(team: Team, query: str = "") -> list[str]:
    return [each["id"] for each in team.owner.get(f"/v1/conversations?{query}").ok()["data"]]


def test_a_search_through_much_goes_on_where_it_stopped(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may be short when most of what was looked at isn't asked for; nothing is missed."""
    monkeypatch.setattr(paging.page_of, "__kwdefaults__", {"window": 3})
    ids = [team.guest().start(f"number {number}")["conversation"]["id"] for number in range(8)]
    for conversation_id in (ids[0], ids[5]):
        team.owner.post(f"/v1/conversations/{conversation_id}/claim").ok()
    pages = walk(team, "assignee=me&status=all&sort=created&limit=5")
    assert [each["id"] for page in pages for each in page] == [ids[5], ids[0]]
    assert len(pages) == 3

"""Lists show what is the caller's, and a cursor leads on in its own list only."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from chalicelib.kit.ids import new_id
from tests.matrix.world import World, go_online, invite
from tests.support.api import Answer

TEAM_LISTS = (
    "/v1/users",
    "/v1/contacts",
    "/v1/contacts?query=someone",
    "/v1/visitors",
    "/v1/visitors?filter=active",
    "/v1/conversations?status=all",
    "/v1/conversations?status=open",
    "/v1/conversations?status=all&sort=created",
    "/v1/conversations?sort=waiting",
    "/v1/conversations?assignee=none",
    "/v1/conversations?status=all&contact={contact}",
    "/v1/conversations/{conversation}/timeline",
)
CUSTOMER_LISTS = ("/v1/widget/conversations",)
OTHER_CONVERSATION = "/v1/conversations/{other}/timeline"


@pytest.fixture(scope="module")
def full(world: World) -> World:
    """Enough of everything, in both workspaces, for a second page of one row."""
    for name in ("ann", "alien"):
        team, guest = world.team_of(name), world.guest(name)
        for number in range(3):
            guest.start(f"{'canarythem' if name == 'alien' else 'ann'} again {number}")
            team.owner.post("/v1/contacts", {"name": f"Someone {number}"}).ok()
            invite(team)
            go_online(team, team.guest())
        path = f"/v1/conversations/{world.id_of('conversation', name)}"
        for verb in ("close", "open", "close", "open"):
            team.owner.post(f"{path}/{verb}").ok()
        team.pump()
    return world


def test_every_list_has_a_second_page_that_goes_on(full: World) -> None:
    for path in TEAM_LISTS:
        for name in ("owner", "stranger"):
            first = ask(full, name, path)
            second = ask(full, name, path, first.json["next_cursor"])
            assert first.json["data"] != second.json["data"] != [], path
    for path in CUSTOMER_LISTS:
        first = ask(full, "ann", path)
        assert ask(full, "ann", path, first.json["next_cursor"]).ok()["data"] != []


def test_a_cursor_of_another_list_filter_or_workspace_is_refused(full: World) -> None:
    everywhere = [*TEAM_LISTS, OTHER_CONVERSATION]
    cursors = {path: ask(full, "owner", path).json["next_cursor"] for path in TEAM_LISTS}
    cursors |= {path: ask(full, "ann", path).json["next_cursor"] for path in CUSTOMER_LISTS}
    for source, cursor in cursors.items():
        for path in everywhere:
            if path != source:
                assert_refused(ask(full, "owner", path, cursor), f"{source} in {path}")
        for path in (*everywhere, source):
            if path not in CUSTOMER_LISTS:
                assert_refused(ask(full, "stranger", path, cursor), f"{source} at theirs")
        for name in ("bob", "alien", *(("ann",) if source not in CUSTOMER_LISTS else ())):
            assert_refused(ask(full, name, CUSTOMER_LISTS[0], cursor), f"{source} for {name}")


def test_a_changed_cursor_is_refused(full: World) -> None:
    for path in TEAM_LISTS:
        cursor = ask(full, "owner", path).json["next_cursor"]
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        for at in (0, 15, 16, len(raw) - 1):
            changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            sent = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
            assert_refused(ask(full, "owner", path, sent), f"{path} at {at}")


def test_a_list_asked_about_others_is_empty_as_for_nobody(full: World) -> None:
    theirs, absent = full.ids["their contact"], new_id("con")
    queries = {
        "/v1/conversations?status=all&contact=": (theirs, absent),
        "/v1/conversations?status=all&assignee=": (full.ids["their user"], new_id("usr")),
        "/v1/contacts?query=": ("canarythem", "nobody at all"),
        "/v1/contacts?email=": ("canarythem%40example.org", "nobody%40example.org"),
    }
    for path, values in queries.items():
        told = [full.ask("owner", "GET", path + value).ok() for value in values]
        assert told[0] == told[1] == {"data": [], "next_cursor": None}, path


def test_bulk_tells_a_foreign_conversation_from_an_absent_one_by_nothing(full: World) -> None:
    foreign, absent = full.ids["their conversation"], new_id("cnv")
    body = {"ids": [foreign, absent, "nonsense"], "action": "close"}
    told = full.ask("owner", "POST", "/v1/conversations/bulk", body).ok()["data"]
    assert [(each["ok"], each["code"]) for each in told] == [(False, "conversation.not_found")] * 3


def ask(world: World, name: str, path: str, cursor: Any = None) -> Answer:
    """A page of one row."""
    there = {
        "contact": world.id_of("contact", name),
        "conversation": world.id_of("conversation", name),
        "other": world.ids["bobs conversation"],
    }
    joint = "&" if "?" in path else "?"
    asked = path.format(**there) + f"{joint}limit=1" + (f"&cursor={cursor}" if cursor else "")
    return world.ask(name, "GET", asked)


def assert_refused(answer: Answer, where: str) -> None:
    told = (answer.status, answer.code, (answer.json.get("errors") or [{}])[0].get("field"))
    assert told in ((422, "request.invalid", "cursor"), (404, "conversation.not_found", None)), (
        where,
        told,
    )

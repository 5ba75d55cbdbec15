"""Several workspaces of one person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.auth import domain
from tests.support.api import Answer, Client
from tests.support.team import Team, fresh


def test_a_further_workspace_belongs_to_who_made_it_and_is_gone_on_in(team: Team) -> None:
    answer = team.owner.post("/v1/workspaces", {"name": "  Second   shop "})
    assert answer.status == 201
    told = answer.ok()
    assert (told["workspace"]["name"], told["role"]) == ("Second shop", "owner")
    assert [each["id"] for each in told["workspaces"]] == [
        team.workspace_id, told["workspace"]["id"],
    ]  # fmt: skip

    there = Client(told["access_token"])
    assert there.get("/v1/me").ok()["workspace"] == told["workspace"]
    assert [each["id"] for each in there.get("/v1/users").ok()["data"]] == [team.owner.id]
    assert there.get("/v1/conversations").ok()["data"] == []
    widget_keys = {each.get("/v1/workspace").ok()["widget_key"] for each in (there, team.owner)}
    assert len(widget_keys) == 2


def test_the_session_goes_on_in_the_new_workspace(team: Team) -> None:
    told = team.owner.post("/v1/workspaces", {"name": "Second shop"}).ok()
    refreshed = Client().post("/v1/auth/refresh", {"refresh_token": told["refresh_token"]}).ok()
    assert refreshed["workspace"] == told["workspace"]
    back = Client(refreshed["access_token"]).post(
        "/v1/auth/switch", {"workspace_id": team.workspace_id}
    )
    assert back.ok()["workspace"]["id"] == team.workspace_id


def test_an_operator_may_own_a_workspace_of_their_own(team: Team) -> None:
    ben = team.join("Ben")
    told = ben.post("/v1/workspaces", {"name": "Ben's"}).ok()
    roles = {each["id"]: each["role"] for each in told["workspaces"]}
    assert roles == {team.workspace_id: "operator", told["workspace"]["id"]: "owner"}
    assert team.owner.get("/v1/me").ok()["workspaces"] == [
        {"id": team.workspace_id, "name": name_of(team), "role": "owner"}
    ]


@pytest.mark.parametrize("body", [{}, {"name": " "}, {"name": "x" * 81}, {"name": "a\0b"}])
def test_a_workspace_needs_a_name(team: Team, body: dict[str, Any]) -> None:
    refused = team.owner.post("/v1/workspaces", body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "name")
    assert len(team.owner.get("/v1/me").ok()["workspaces"]) == 1


def test_nobody_has_more_workspaces_than_change_together(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MOST_WORKSPACES", 2)
    assert team.owner.post("/v1/workspaces", {"name": "Second"}).status == 201
    refused = team.owner.post("/v1/workspaces", {"name": "Third"})
    assert (refused.status, refused.code) == (409, "member.too_many_workspaces")


def test_a_workspace_that_is_asked_for_twice_is_made_once(team: Team) -> None:
    key = {"Idempotency-Key": fresh()}
    team.owner.post("/v1/workspaces", {"name": "Second"}, **key).ok()
    again = team.owner.post("/v1/workspaces", {"name": "Second"}, **key)
    assert (again.status, again.code) == (409, "idempotency.not_kept")
    assert len(team.owner.get("/v1/me").ok()["workspaces"]) == 2


def test_workspaces_made_at_once_are_all_kept(team: Team) -> None:
    def make_workspace(number: int) -> Answer:
        return team.owner.post("/v1/workspaces", {"name": f"Shop {number}"})

    with ThreadPoolExecutor(4) as tabs:
        assert {each.status for each in tabs.map(make_workspace, range(4))} == {201}
    assert len(team.owner.get("/v1/me").ok()["workspaces"]) == 5


def name_of(team: Team) -> str:
    name: str = team.owner.get("/v1/workspace").ok()["name"]
    return name

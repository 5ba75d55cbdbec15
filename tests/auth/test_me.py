"""Oneself."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.auth import service
from tests.auth.people import caller, colleague, invite, signed_in
from tests.support.api import Client
from tests.support.team import Team, sign_up


def test_name_time_zone_and_status_can_be_changed_each_alone(team: Team) -> None:
    def changed(**wanted: Any) -> dict[str, Any]:
        user: dict[str, Any] = team.owner.patch("/v1/me", wanted).ok()["user"]
        return {name: user[name] for name in ("name", "time_zone", "status")}

    assert changed() == {"name": "Olga", "time_zone": "UTC", "status": "online"}
    assert changed(name=" Olga  Q ") == {"name": "Olga Q", "time_zone": "UTC", "status": "online"}
    assert changed(time_zone="America/Argentina/Buenos_Aires")["name"] == "Olga Q"
    assert changed(status="away") == {
        "name": "Olga Q",
        "time_zone": "America/Argentina/Buenos_Aires",
        "status": "away",
    }
    assert team.owner.get("/v1/me").ok()["user"]["status"] == "away"
    assert team.pump() == ["member.joined", "member.updated", "member.updated"]


def test_a_new_name_is_seen_by_colleagues_everywhere_at_once(team: Team) -> None:
    ann = sign_up(team.management, "Ann")
    token = invite(team, ann.owner.email)
    here = signed_in(
        caller().post(f"/v1/invitations/{token}/accept", {"password": ann.owner.password}).ok()
    )
    here.patch("/v1/me", {"name": "Anna", "status": "away"}).ok()

    def seen(by: Client) -> list[tuple[str, str]]:
        return [
            (one["name"], one["status"])
            for one in by.get("/v1/users").ok()["data"]
            if one["id"] == here.id
        ]

    assert seen(team.owner) == [("Anna", "away")]
    assert seen(ann.owner) == [("Anna", "online")]
    assert service.member(ann.workspace_id, here.id).name == "Anna"
    assert "member.updated" in ann.pump()
    assert "member.updated" in team.pump()


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": None},
        {"status": "busy"},
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "right/UTC"},
        {"time_zone": ""},
        {"email": "other@people.example"},
        {"role": "owner"},
    ],
)
def test_a_value_that_cant_be_taken_changes_nothing(team: Team, wanted: dict[str, Any]) -> None:
    before = team.owner.get("/v1/me").ok()
    assert team.owner.patch("/v1/me", {"name": "Changed", **wanted}).status == 422
    assert team.owner.get("/v1/me").ok() == before


def test_operators_may_change_themselves(team: Team) -> None:
    ben = colleague(team)
    assert ben.patch("/v1/me", {"status": "away"}).ok()["user"]["status"] == "away"


def test_nobody_is_asked_to_sign_in() -> None:
    refused = Client().get("/v1/me")
    assert (refused.status, refused.code) == (401, "auth.unauthenticated")

"""Oneself."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from chalicelib.auth import domain, service
from chalicelib.platform.tables.outbox import OutboxRow
from tests.auth.people import caller, colleague, invite, person_of
from tests.support.api import Client
from tests.support.team import Person, Team, sign_up


def test_name_time_zone_and_status_can_be_changed_each_alone(team: Team) -> None:
    def change_name(**wanted: Any) -> dict[str, Any]:
        user: dict[str, Any] = team.owner.patch("/v1/me", wanted).ok()["user"]
        return {name: user[name] for name in ("name", "time_zone", "status")}

    assert change_name() == {"name": "Olga", "time_zone": "UTC", "status": "online"}
    assert change_name(name=" Olga  Q ") == {
        "name": "Olga Q",
        "time_zone": "UTC",
        "status": "online",
    }
    assert change_name(time_zone="America/Argentina/Buenos_Aires")["name"] == "Olga Q"
    assert change_name(status="away") == {
        "name": "Olga Q",
        "time_zone": "America/Argentina/Buenos_Aires",
        "status": "away",
    }
    assert team.owner.get("/v1/me").ok()["user"]["status"] == "away"
    assert team.pump() == ["member.joined", "member.updated", "member.updated"]


def test_the_language_to_read_is_kept_for_every_device_until_it_is_left_to_the_browser(
    team: Team,
) -> None:
    def chosen() -> str | None:
        device = team.owner.get("/v1/me").ok()["user"]["language"]
        signed_in = caller().post(
            "/v1/auth/login", {"email": team.owner.email, "password": team.owner.password}
        )
        assert signed_in.ok()["user"]["language"] == device
        return cast(str | None, device)

    assert chosen() is None
    for given, kept in (("de", "de"), ("DE_at.UTF-8", "de-AT"), ("pt-br", "pt-BR"), (None, None)):
        team.owner.patch("/v1/me", {"language": given}).ok()
        assert chosen() == kept
    assert team.owner.patch("/v1/me", {"name": "Olga Q"}).ok()["user"]["language"] is None


def test_a_new_name_is_seen_by_colleagues_everywhere_at_once(team: Team) -> None:
    ann = sign_up(team.management, "Ann")
    token = invite(team, ann.owner.email)
    here = person_of(
        caller().post(f"/v1/invitations/{token}/accept", {"password": ann.owner.password}).ok()
    )
    here.patch("/v1/me", {"name": "Anna", "status": "away"}).ok()

    def list_places(by: Client) -> list[tuple[str, str]]:
        return [
            (one["name"], one["status"])
            for one in by.get("/v1/users").ok()["data"]
            if one["id"] == here.id
        ]

    assert list_places(team.owner) == [("Anna", "away")]
    assert list_places(ann.owner) == [("Anna", "online")]
    assert service.get_colleague(ann.workspace_id, here.id).name == "Anna"
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
        {"language": ""},
        {"language": "C"},
        {"language": "german please"},
        {"language": 5},
        {"language": "d" * 81},
        {"email": "other@people.example"},
        {"role": "owner"},
    ],
)
def test_a_value_that_cant_be_taken_changes_nothing(team: Team, wanted: dict[str, Any]) -> None:
    before = team.owner.get("/v1/me").ok()
    assert team.owner.patch("/v1/me", {"name": "Changed", **wanted}).status == 422
    assert team.owner.get("/v1/me").ok() == before


def test_what_is_already_so_changes_nothing(team: Team) -> None:
    team.owner.patch("/v1/me", {"name": "Olga Q", "status": "away"}).ok()
    before, place = team.owner.get("/v1/me").ok(), place_of(team.owner)
    team.pump()
    for same in (
        {},
        {"name": " Olga  Q "},
        {"status": "away"},
        {"time_zone": "UTC"},
        {"language": None},
    ):
        assert team.owner.patch("/v1/me", same).ok() == before
    assert (team.pump(), place_of(team.owner)) == ([], place)
    assert team.owner.patch("/v1/me", {"time_zone": "Asia/Tokyo"}).ok()["user"]["version"] == (
        before["user"]["version"] + 1
    )
    assert (team.pump(), place_of(team.owner)) == ([], place)


def test_a_change_of_oneself_as_one_was_before_is_refused(team: Team) -> None:
    version = team.owner.get("/v1/me").ok()["user"]["version"]
    list_places = {"If-Match": f'"{version}"'}
    for number, wanted in enumerate(
        ({"name": "O"}, {"status": "away"}, {"time_zone": "Asia/Tokyo"})
    ):
        fresh = {"If-Match": f'"{version + number}"'}
        assert team.owner.patch("/v1/me", wanted, **fresh).ok()["user"]["version"] == (
            version + number + 1
        )
        refused = team.owner.patch("/v1/me", {"name": "Lost"}, **list_places)
        assert (refused.status, refused.code) == (412, "version.stale")
    assert team.owner.get("/v1/me").ok()["user"]["name"] == "O"


def test_the_news_of_a_change_says_what_changed_where(team: Team) -> None:
    elsewhere = team.owner.post("/v1/workspaces", {"name": "Second"}).ok()["workspace"]["id"]
    team.owner.patch("/v1/me", {"name": "Olga Q", "status": "away"}).ok()

    def events_told(workspace_id: str) -> list[list[str]]:
        rows = OutboxRow.query(workspace_id, consistent_read=True)
        return [json.loads(row.data)["fields"] for row in rows if row.name == "member.updated"]

    assert events_told(team.workspace_id) == [["name", "status"]]
    assert events_told(elsewhere) == [["name"]]


def test_somebody_with_as_many_workspaces_as_there_may_be_can_change_their_name(
    team: Team,
) -> None:
    for number in range(domain.MOST_WORKSPACES - 1):
        team.owner.post("/v1/workspaces", {"name": f"Shop {number}"}).ok()
    assert team.owner.post("/v1/workspaces", {"name": "One more"}).status == 409
    assert team.owner.patch("/v1/me", {"name": "Olga Q"}).ok()["user"]["name"] == "Olga Q"
    change_name = {"current_password": team.owner.password, "new_password": "correct horse 99"}
    assert team.owner.post("/v1/auth/password", change_name).status == 204


def place_of(person: Person) -> Any:
    """Somebody as their team sees them."""
    listed = person.get("/v1/users").ok()["data"]
    return next(one for one in listed if one["id"] == person.id)


def test_operators_may_change_themselves(team: Team) -> None:
    ben = colleague(team)
    assert ben.patch("/v1/me", {"status": "away"}).ok()["user"]["status"] == "away"


def test_nobody_is_asked_to_sign_in() -> None:
    refused = Client().get("/v1/me")
    assert (refused.status, refused.code) == (401, "auth.unauthenticated")

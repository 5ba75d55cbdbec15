"""Signing up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auth.people import (
    PASSWORD,
    an_address,
    caller,
    do_at_once,
    invite,
    log_in,
    sign_up_body,
    statuses,
)
from tests.support.api import Client
from tests.support.team import Team


def test_signing_up_makes_a_workspace_with_its_owner_signed_in() -> None:
    email = an_address()
    told = caller().post("/v1/auth/signup", sign_up_body(email=email, time_zone="Europe/Madrid"))
    assert told.status == 201
    shown = told.json
    workspace = shown["workspace"]
    assert shown["expires_in"] == 900
    assert shown["role"] == "owner"
    assert workspace["name"] == "Ben's bikes"
    assert shown["workspaces"] == [{**workspace, "role": "owner"}]
    assert {name: shown["user"][name] for name in ("name", "email", "status", "time_zone")} == {
        "name": "Ben",
        "email": email,
        "status": "online",
        "time_zone": "Europe/Madrid",
    }
    me = Client(token=shown["access_token"]).get("/v1/me").ok()
    assert me == {name: shown[name] for name in ("user", "workspace", "role", "workspaces")}


def test_an_address_is_one_however_it_is_written() -> None:
    email = an_address()
    first = caller().post("/v1/auth/signup", sign_up_body(email=f"  {email.upper()} "))
    assert first.ok()["user"]["email"] == email
    assert log_in(email.title()).status == 200
    again = caller().post("/v1/auth/signup", sign_up_body(email=email.swapcase()))
    assert (again.status, again.code) == (409, "auth.email_taken")


def test_of_sixteen_who_sign_up_with_one_address_at_once_one_gets_it() -> None:
    email = an_address()
    answers = do_at_once(lambda _: caller().post("/v1/auth/signup", sign_up_body(email=email)))
    assert statuses(answers) == {201: 1, 409: 15}
    winner = next(answer for answer in answers if answer.status == 201)
    assert log_in(email).ok()["workspaces"] == winner.json["workspaces"]


def test_a_taken_address_is_told_whatever_the_password_so_it_proves_none(team: Team) -> None:
    def tried(password: str) -> Any:
        body = sign_up_body(email=team.owner.email, password=password)
        told = dict(caller().post("/v1/auth/signup", body).json)
        return told.pop("request_id") and told

    assert tried(team.owner.password) == tried("quite another one")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "ben"}, "email"),
        ({"email": "ben@localhost"}, "email"),
        ({"email": "ben@@people.example"}, "email"),
        ({"email": "ben..x@people.example"}, "email"),
        ({"email": "ben@people..example"}, "email"),
        ({"email": "ben@people.example\r\nBcc: x@people.example"}, "email"),
        ({"email": "ben x@people.example"}, "email"),
        ({"email": "bén@people.example"}, "email"),
        ({"email": "\u212aen@people.example"}, "email"),
        ({"email": "a" * 65 + "@people.example"}, "email"),
        ({"email": ""}, "email"),
        ({"password": "short 123"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": "aaaaaaaaaaaa"}, "password"),
        ({"password": "Password123"}, "password"),
        ({"email": "benjamin.h@people.example", "password": "benjamin.h"}, "password"),
        ({"email": "ben@people.example", "password": "BEN@people.example"}, "password"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Ben\x07"}, "name"),
        ({"workspace_name": ""}, "workspace_name"),
        ({"colour": "red"}, "colour"),
        ({"name": None}, "name"),
    ],
)
def test_a_value_that_cant_be_taken_is_told_with_its_field(
    changed: dict[str, Any], field: str
) -> None:
    refused = caller().post("/v1/auth/signup", sign_up_body(**changed))
    assert refused.status == 422
    assert [error["field"] for error in refused.json["errors"]] == [field]


NOWHERE = (
    "Etc/Unknown", "undefined", "", "US/Pacific-New", "Mars/Olympus", "America", "localtime",
    "../../etc/passwd", "Europe/Ma drid", "Zone/" * 5000, "\x00", "Ф/Ж",
)  # fmt: skip


@pytest.mark.parametrize("zone", [*NOWHERE, None])
def test_a_browser_that_is_nowhere_signs_up_in_utc(zone: str | None) -> None:
    told = caller().post("/v1/auth/signup", sign_up_body(time_zone=zone))
    assert told.ok()["user"]["time_zone"] == "UTC"


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "America/Buenos_Aires", "Etc/GMT+5", "UTC"])
def test_an_old_name_of_a_zone_is_a_name(zone: str) -> None:
    told = caller().post("/v1/auth/signup", sign_up_body(time_zone=zone))
    assert told.ok()["user"]["time_zone"] == zone


@pytest.mark.parametrize("zone", ["Etc/Unknown", "US/Pacific-New", ""])
def test_a_browser_that_is_nowhere_accepts_an_invitation_in_utc(team: Team, zone: str) -> None:
    token = invite(team, an_address())
    body = {"name": "Ben", "password": PASSWORD, "time_zone": zone}
    told = caller().post(f"/v1/invitations/{token}/accept", body).ok()
    assert told["user"]["time_zone"] == "UTC"


@pytest.mark.parametrize("zone", NOWHERE)
def test_a_zone_that_somebody_chose_and_that_is_none_is_refused(team: Team, zone: str) -> None:
    refused = team.owner.patch("/v1/me", {"time_zone": zone})
    assert refused.status == 422
    assert [error["field"] for error in refused.json["errors"]] == ["time_zone"]


def test_a_password_is_the_same_from_every_keyboard() -> None:
    email = an_address()
    caller().post("/v1/auth/signup", sign_up_body(email=email, password="Ångström \ufb01ne")).ok()
    assert log_in(email, "A\u030angstro\u0308m fine").status == 200


def test_a_password_of_256_characters_is_taken_whole() -> None:
    email = an_address()
    password = "ab cd ef" * 32
    caller().post("/v1/auth/signup", sign_up_body(email=email, password=password)).ok()
    assert log_in(email, password).status == 200
    assert log_in(email, password[:-1]).status == 401


def test_signing_up_is_told_in_the_outbox(team: Team) -> None:
    assert team.pump() == ["member.joined"]


def test_the_password_is_nowhere_in_an_answer() -> None:
    assert PASSWORD not in caller().post("/v1/auth/signup", sign_up_body()).body

"""Joining a team by a mailed link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.kit import instants
from tests.auth.people import (
    PASSWORD,
    an_address,
    caller,
    colleague,
    do_at_once,
    invite,
    mails_to,
    person_of,
    statuses,
    token_in,
)
from tests.support.api import Answer, Client
from tests.support.team import Team, sign_up


def get_invitation(token: str) -> Answer:
    return caller().get(f"/v1/invitations/{token}")


def accept(token: str, by: Client | None = None, **body: Any) -> Answer:
    return (by or caller()).post(f"/v1/invitations/{token}/accept", body)


def newcomer(token: str) -> Answer:
    return accept(token, name="Ben", password=PASSWORD)


def test_a_new_person_joins_with_a_name_and_a_password(team: Team) -> None:
    email = an_address()
    token = invite(team, email, "admin")
    assert get_invitation(token).ok() == {
        "email": email,
        "workspace": {"name": team.owner.get("/v1/workspace").ok()["name"]},
        "invited_by": "Olga",
        "account_exists": False,
    }
    mail_to = accept(token, name="Ben", password=PASSWORD, time_zone="Asia/Tokyo").ok()
    assert (mail_to["user"]["name"], mail_to["user"]["email"], mail_to["role"]) == (
        "Ben",
        email,
        "admin",
    )
    assert mail_to["user"]["time_zone"] == "Asia/Tokyo"
    assert mail_to["workspace"]["id"] == team.workspace_id
    assert person_of(mail_to).get("/v1/users").status == 200
    assert team.pump() == ["member.joined"]
    listed = team.owner.get("/v1/users").ok()["data"]
    assert sorted(one["state"] for one in listed) == ["active", "active"]


def test_the_mail_says_who_invites_where_and_has_the_link(team: Team) -> None:
    team.owner.patch("/v1/workspace", {"name": "<b>Bikes & Co</b>"}).ok()
    email = an_address()
    token = invite(team, email)
    (mail,) = mails_to(email)
    assert mail["subject"] == "Invitation to the team “<b>Bikes & Co< b>” on Foyer"
    assert f"https://foyer.test/invitations/{token}" in mail["text"]
    assert f'href="https://foyer.test/invitations/{token}"' in mail["html"]
    assert "&lt;b&gt;Bikes &amp; Co&lt; b&gt;" in mail["html"]
    assert "<b>Bikes" not in mail["html"]


def test_the_token_is_nowhere_but_in_the_mail(team: Team) -> None:
    email = an_address()
    answer = team.owner.post("/v1/users", {"email": email, "role": "operator"})
    team.pump()
    token = token_in(mails_to(email)[-1])
    assert token not in answer.body
    assert token not in team.owner.get("/v1/users").body


def test_an_invitation_works_once_and_not_for_somebody_too_late(team: Team) -> None:
    token = invite(team, an_address())
    assert newcomer(token).status == 200
    assert (newcomer(token).status, newcomer(token).code) == (404, "link.not_found")
    assert get_invitation(token).status == 404


def test_of_sixteen_who_accept_at_once_one_is_taken(team: Team) -> None:
    token = invite(team, an_address())
    answers = do_at_once(lambda _: newcomer(token))
    assert statuses(answers) == {200: 1, 404: 15}
    assert len(team.owner.get("/v1/users").ok()["data"]) == 2


def test_an_invitation_expires_after_seven_days(team: Team) -> None:
    token = invite(team, an_address())
    with time_machine.travel(instants.now() + timedelta(days=6, hours=23), tick=False):
        assert get_invitation(token).status == 200
    with time_machine.travel(instants.now() + timedelta(days=7, seconds=1), tick=False):
        assert get_invitation(token).status == 404
        assert newcomer(token).status == 404


def test_inviting_again_sends_a_new_link_and_the_old_one_dies(team: Team) -> None:
    email = an_address()
    old = invite(team, email, "operator")
    new = invite(team, email, "admin")
    assert len(mails_to(email)) == 2
    assert [get_invitation(token).status for token in (old, new)] == [404, 200]
    (waiting,) = [
        one for one in team.owner.get("/v1/users").ok()["data"] if one["state"] == "invited"
    ]
    assert waiting["role"] == "admin"
    assert newcomer(new).ok()["role"] == "admin"


def test_an_invitation_taken_back_is_gone(team: Team) -> None:
    email = an_address()
    token = invite(team, email)
    (waiting,) = [one for one in team.owner.get("/v1/users").ok()["data"] if one["email"] == email]
    assert team.owner.delete(f"/v1/users/{waiting['id']}").status == 204
    assert get_invitation(token).status == 404
    assert newcomer(token).status == 404
    assert team.pump() == ["member.uninvited"]


def test_the_role_of_an_invitation_can_be_changed_and_the_link_stays_good(team: Team) -> None:
    email = an_address()
    token = invite(team, email)
    (waiting,) = [one for one in team.owner.get("/v1/users").ok()["data"] if one["email"] == email]
    assert team.owner.patch(f"/v1/users/{waiting['id']}", {"role": "admin"}).ok()["role"] == "admin"
    assert newcomer(token).ok()["role"] == "admin"


def test_a_mail_that_is_late_is_not_sent_for_an_invitation_that_is_gone(team: Team) -> None:
    email = an_address()
    invite_status = team.owner.post("/v1/users", {"email": email, "role": "operator"}).ok()
    team.owner.delete(f"/v1/users/{invite_status['id']}").ok()
    team.pump()
    assert mails_to(email) == []


def test_somebody_with_an_account_joins_with_its_password(team: Team) -> None:
    ann = sign_up(team.management, "Ann").owner
    token = invite(team, ann.email)
    assert get_invitation(token).ok()["account_exists"] is True
    wrong = accept(token, password="not my password")
    assert (wrong.status, wrong.code) == (401, "auth.wrong_credentials")
    mail_to = accept(token, password=ann.password, name="Not taken over").ok()
    assert (mail_to["user"]["id"], mail_to["user"]["name"]) == (ann.id, "Ann")
    assert mail_to["workspace"]["id"] == team.workspace_id
    assert len(mail_to["workspaces"]) == 2
    assert accept(token, password=ann.password).status == 404


def test_somebody_signed_in_joins_without_a_password_but_only_for_their_address(
    team: Team,
) -> None:
    ann = sign_up(team.management, "Ann").owner
    bea = sign_up(team.management, "Bea").owner
    token = invite(team, ann.email)
    refused = accept(token, by=bea)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "password")
    assert accept(token, by=ann).ok()["user"]["id"] == ann.id


def test_a_person_can_be_invited_to_several_workspaces(team: Team) -> None:
    email = an_address()
    other = sign_up(team.management)
    first, second = invite(team, email), invite(other, email)
    ben = person_of(newcomer(first).ok())
    mail_to = accept(second, password=PASSWORD).ok()
    assert mail_to["user"]["id"] == ben.id
    assert {one["id"] for one in mail_to["workspaces"]} == {team.workspace_id, other.workspace_id}


def test_accepting_two_invitations_at_once_makes_one_account(team: Team) -> None:
    email = an_address()
    tokens = [invite(team, email), invite(sign_up(team.management), email)]
    answers = do_at_once(lambda number: newcomer(tokens[number]), times=2)
    assert statuses(answers) == {200: 2}
    assert len({answer.json["user"]["id"] for answer in answers}) == 1


def test_inviting_a_member_is_refused(team: Team) -> None:
    ben = colleague(team)
    refused = team.owner.post("/v1/users", {"email": ben.email, "role": "operator"})
    assert (refused.status, refused.code) == (409, "member.exists")


def test_inviting_doesnt_tell_whether_an_address_has_an_account(team: Team) -> None:
    ann = sign_up(team.management, "Ann").owner

    def mail_to(email: str) -> dict[str, Any]:
        shown = team.owner.post("/v1/users", {"email": email, "role": "operator"}).ok()
        return {**shown, "id": shown["id"][:4], "name": "", "email": "", "invited_at": ""}

    assert mail_to(ann.email) == mail_to(an_address())


def test_nobody_is_sent_more_than_five_invitations_an_hour(team: Team) -> None:
    email = an_address()

    def invite_status() -> int:
        return team.owner.post("/v1/users", {"email": email, "role": "operator"}).status

    noon = instants.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False) as clock:
        assert team.owner.get("/v1/me").status == 200
        assert [invite_status() for _ in range(6)] == [201] * 5 + [429]
        clock.shift(timedelta(minutes=5))
        assert invite_status() == 429


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": PASSWORD}, "name"),
        ({"name": "Ben"}, "password"),
        ({"name": " ", "password": PASSWORD}, "name"),
        ({"name": "Ben", "password": "short"}, "password"),
        ({"name": "Ben", "password": PASSWORD, "time_zone": 5}, "time_zone"),
        ({"name": "Ben", "password": PASSWORD, "role": "owner"}, "role"),
    ],
)
def test_a_refused_value_leaves_the_invitation_good(
    team: Team, body: dict[str, Any], field: str
) -> None:
    token = invite(team, an_address())
    refused = accept(token, **body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, field)
    assert newcomer(token).status == 200


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "%2e%2e", "é" * 43, "a" * 150])
def test_a_made_up_token_leads_nowhere(token: str) -> None:
    assert get_invitation(token).status in (404, 422)
    assert newcomer(token).status in (404, 422)

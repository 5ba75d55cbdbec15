"""Mails that strangers would have us send: to whom, and how many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
import time_machine

from chalicelib.auth import invitations, mail_limit, store, throttle, verification
from chalicelib.kit import instants
from chalicelib.platform.config import config
from infra.local.engines.ports import free_ports
from tests.attack.a_strangers.people import inviting, new_person_unverified, sign_up
from tests.auth.people import (
    PASSWORD,
    an_address,
    ask_for_link,
    caller,
    colleague,
    consume_of_nobody,
    do_at_once,
    invite,
    log_in,
    mails_to,
    person_of,
    token_in,
)
from tests.support.api import Client
from tests.support.team import Person, Team, work_off

_days = count(400, 2)


@pytest.fixture
def colleagues(team: Team) -> list[Person]:
    """Colleagues whose addresses everybody knows."""
    return [team.join(name, "operator") for name in ("Ada", "Ben", "Cy")]


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Noon of a day on which nobody else has sent a mail, and settings that end with the test."""
    noon = instants.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon + timedelta(days=next(_days)), tick=False):
        yield monkeypatch
    monkeypatch.undo()
    config.cache_clear()


def test_whoever_hasnt_proved_their_address_causes_no_mail(team: Team) -> None:
    del team
    ben, victim = new_person_unverified(), an_address("victim")
    refused = inviting(ben, victim)
    assert (refused.status, refused.code) == (403, "auth.unverified_address")
    assert ben.get("/v1/me").ok()["user"]["verified"] is False
    assert len(ben.get("/v1/users").ok()["data"]) == 1
    consume_of_nobody()
    ben.post("/v1/auth/verify", {"token": token_in(mails_to(ben.email)[-1])}).ok()
    assert ben.get("/v1/me").ok()["user"]["verified"] is True
    assert inviting(ben, victim).status == 201


def test_further_workspaces_are_no_way_around_it() -> None:
    ben = new_person_unverified()
    second = ben.post("/v1/workspaces", {"name": "Second"}).ok()["access_token"]
    assert inviting(Client(token=second)).code == "auth.unverified_address"


def test_the_mail_to_prove_an_address_has_no_word_of_whoever_asked_for_it() -> None:
    text = "Your account is suspended http://evil.example"
    victim = an_address("victim")
    sign_up(email=victim, name=text, workspace_name=text).ok()
    consume_of_nobody()
    (mail,) = mails_to(victim)
    told = mail["subject"] + mail["text"] + mail["html"]
    assert "suspended" not in told
    assert set(re.findall(r"https?://[^/\s\"]+", told)) == {"https://foyer.test"}


def test_a_link_proves_one_address_once_for_a_day() -> None:
    ben = new_person_unverified()
    consume_of_nobody()
    token = token_in(mails_to(ben.email)[-1])

    def prove(given: str) -> int:
        return caller().post("/v1/auth/verify", {"token": given}).status

    reset = token_in(ask_for_link(ben.email)[-1])
    assert [prove(each) for each in ("", "x" * 43, "x" * 200, reset)] == [404] * 4
    with time_machine.travel(instants.now() + timedelta(hours=25)):
        assert prove(token) == 404
    assert do_at_once(lambda _: prove(token)).count(204) == 1
    assert prove(token) == 404
    assert caller().post("/v1/auth/reset", {"token": token, "password": PASSWORD}).status == 404


def test_a_reset_by_mail_proves_the_address_and_a_changed_password_doesnt() -> None:
    ben = new_person_unverified()
    body = {"current_password": ben.password, "new_password": "battery staple"}
    ben.post("/v1/auth/password", body).ok()
    ben = person_of(log_in(ben.email, "battery staple").ok())
    assert ben.get("/v1/me").ok()["user"]["verified"] is False
    reset = {"token": token_in(ask_for_link(ben.email)[-1]), "password": PASSWORD}
    caller().post("/v1/auth/reset", reset).ok()
    assert log_in(ben.email).ok()["user"]["verified"] is True


def test_accepting_an_invitation_proves_the_address_that_it_went_to(team: Team) -> None:
    ben = new_person_unverified()
    token = invite(team, ben.email)
    caller().post(f"/v1/invitations/{token}/accept", {"password": PASSWORD}).ok()
    assert ben.get("/v1/me").ok()["user"]["verified"] is True


def test_of_accounts_of_before_those_that_came_by_a_mailed_link_are_proved(team: Team) -> None:
    ben, zoe = colleague(team), new_person_unverified()
    for each in (ben, zoe):
        row = store.user(each.id)
        assert row is not None
        row.verified = None
        row.save()
    assert ben.get("/v1/me").ok()["user"]["verified"] is True
    assert zoe.get("/v1/me").ok()["user"]["verified"] is False
    assert inviting(zoe).code == "auth.unverified_address"


def test_the_link_is_sent_again_three_times_an_hour(team: Team) -> None:
    noon = instants.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    with time_machine.travel(noon, tick=False):
        ben = new_person_unverified()
        again = [ben.post("/v1/auth/verify/resend") for _ in range(4)]
    assert [each.status for each in again] == [204] * 3 + [429]
    assert (again[-1].code, again[-1].headers["retry-after"]) == ("auth.too_many_mails", "3600")
    consume_of_nobody()
    assert len(mails_to(ben.email)) == 1 + verification.LINKS_PER_HOUR
    assert team.owner.post("/v1/auth/verify/resend").status == 204
    consume_of_nobody()
    assert mails_to(team.owner.email) == []


def test_a_workspace_and_a_person_invite_only_so_many_a_day(
    team: Team, limits: pytest.MonkeyPatch
) -> None:
    owner = person_of(log_in(team.owner.email, team.owner.password).ok())
    limits.setattr(invitations, "INVITATIONS_PER_DAY", 3)
    limits.setattr(invitations, "INVITATIONS_PER_DAY_AND_PERSON", 4)
    answers = [inviting(owner) for _ in range(4)]
    assert [each.status for each in answers] == [201, 201, 201, 429]
    assert answers[-1].code == "member.too_many_invitations"
    assert answers[-1].headers["retry-after"] == str(12 * 3600)
    second = owner.post("/v1/workspaces", {"name": "Second"}).ok()["access_token"]
    assert [inviting(Client(token=second)).status for _ in range(2)] == [201, 429]
    with time_machine.travel(instants.now() + timedelta(hours=12), tick=False):
        again = person_of(log_in(team.owner.email, team.owner.password).ok())
        assert inviting(again).status == 201


def test_only_so_many_are_invited_who_havent_come(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_INVITED", 2)
    first = an_address()
    assert [inviting(team.owner, first).status, inviting(team.owner).status] == [201, 201]
    refused = inviting(team.owner)
    assert (refused.status, refused.code) == (409, "member.too_many_invited")
    assert inviting(team.owner, first).status == 201
    place = team.owner.get("/v1/users").ok()["data"][0]
    team.owner.delete(f"/v1/users/{place['id']}").ok()
    assert inviting(team.owner).status == 201


def test_invitations_that_use_up_the_day_leave_the_others_their_mails(
    team: Team, limits: pytest.MonkeyPatch
) -> None:
    owner = person_of(log_in(team.owner.email, team.owner.password).ok())
    limits.setenv("FOYER_MAILS_PER_DAY", "10")
    config.cache_clear()
    team.pump()
    answers = [inviting(owner) for _ in range(7)]
    assert [each.status for each in answers] == [201] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) == 12 * 3600
    assert team.pump().count("member.invited") == 5
    assert len(owner.get("/v1/users").ok()["data"]) == 6
    assert len(ask_for_link(team.owner.email)) == 1
    ben = new_person_unverified()
    consume_of_nobody()
    assert len(mails_to(ben.email)) == 1


def test_asking_for_strangers_links_uses_up_nobodys_mails(
    team: Team, limits: pytest.MonkeyPatch
) -> None:
    limits.setenv("FOYER_MAILS_PER_DAY", "10")
    config.cache_clear()
    for _ in range(20):
        ask_for_link(an_address())
    assert len(ask_for_link(team.owner.email)) == 1


def test_nobody_uses_up_the_links_of_those_who_have_proved_their_address(
    team: Team, colleagues: list[Person], limits: pytest.MonkeyPatch
) -> None:
    """Strangers who know addresses of a team ask for one link after the other."""
    limits.setenv("FOYER_MAILS_PER_DAY", "10")
    config.cache_clear()
    sent = [len(ask_for_link(each.email)) for each in colleagues for _ in range(3)]
    assert sent == [2, 3, 4, 2, 3, 3, 2, 2, 2]  # the first is an invitation
    assert len(ask_for_link(team.owner.email)) == 1
    with time_machine.travel(instants.now() + timedelta(hours=1), tick=False):
        assert len(ask_for_link(colleagues[2].email)) == 3
        assert len(ask_for_link(colleagues[2].email)) == 3


def test_an_address_that_nobody_has_proved_gets_links_out_of_the_days_share_alone(
    limits: pytest.MonkeyPatch,
) -> None:
    limits.setenv("FOYER_MAILS_PER_DAY", "10")
    config.cache_clear()
    strangers = [new_person_unverified() for _ in range(4)]
    consume_of_nobody()
    before = [len(mails_to(each.email)) for each in strangers]
    sent = [len(ask_for_link(each.email)) for each in strangers]
    assert [now - then for now, then in zip(sent, before, strict=True)] == [1, 1, 1, 0]


def test_a_sign_up_goes_on_when_the_days_mails_are_spent_and_the_link_comes_later(
    limits: pytest.MonkeyPatch,
) -> None:
    limits.setenv("FOYER_MAILS_PER_DAY", "10")
    config.cache_clear()
    people = [new_person_unverified() for _ in range(3)]
    refused = people[-1].post("/v1/auth/verify/resend")
    assert (refused.status, refused.code) == (429, "auth.too_many_mails")
    consume_of_nobody()
    assert [len(mails_to(each.email)) for each in people] == [1, 1, 0]
    with time_machine.travel(instants.now() + timedelta(hours=12), tick=False):
        late = person_of(log_in(people[-1].email).ok())
        assert late.post("/v1/auth/verify/resend").status == 204
        consume_of_nobody()
    assert len(mails_to(people[-1].email)) == 1


def test_links_that_no_server_takes_use_up_nothing_however_often_they_are_tried(
    team: Team, limits: pytest.MonkeyPatch
) -> None:
    limits.setenv("FOYER_MAILS_PER_DAY", "10")
    nobody_listens = free_ports(1)[0]
    limits.setenv("FOYER_SMTP_URL", f"smtp://127.0.0.1:{nobody_listens}?tls=off")
    config.cache_clear()
    strangers = [person_of(sign_up().ok()) for _ in range(3)]
    waiting = [team.owner, *strangers]
    assert [ask_for_link(each.email) for each in waiting] == [[]] * 4
    noon = instants.now()
    for minutes in (2, 5, 10):
        with time_machine.travel(noon + timedelta(minutes=minutes), tick=False):
            work_off()
    limits.delenv("FOYER_SMTP_URL")
    config.cache_clear()
    with time_machine.travel(noon + timedelta(minutes=20), tick=False):
        work_off()
        sent = [
            sum("password" in each["subject"] for each in mails_to(who.email)) for who in waiting
        ]
        assert sent == [1, 1, 1, 1]
        assert len(mails_to(team.owner.email)) == len(ask_for_link(team.owner.email))


def test_every_purpose_has_its_share_of_the_day() -> None:
    assert sum(mail_limit.SHARES.values()) == pytest.approx(1)
    assert throttle.spend("mails", "none", 1, mail_limit.DAY, instants.now())

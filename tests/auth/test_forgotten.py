"""Choosing a new password by a mailed link."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from chalicelib.auth import accounts, domain
from chalicelib.kit import instants
from tests.auth.people import (
    PASSWORD,
    an_address,
    ask_for_link,
    caller,
    consume_of_nobody,
    do_at_once,
    invite,
    log_in,
    mails_to,
    statuses,
    token_in,
)
from tests.support.api import Answer
from tests.support.team import Team

NEW = "battery staple 8"


def reset(token: str, password: str = NEW) -> Answer:
    return caller().post("/v1/auth/reset", {"token": token, "password": password})


def test_the_link_lets_choose_a_new_password_and_ends_all_sessions(team: Team) -> None:
    assert ask_for_link(team.owner.email.upper()) == []
    (mail,) = mails_to(team.owner.email)
    assert mail["subject"] == "Choose a new Foyer password"
    token = token_in(mail)
    assert f"https://foyer.test/reset/{token}" in mail["text"]
    assert reset(token).status == 200
    assert team.owner.get("/v1/me").status == 401
    assert log_in(team.owner.email, team.owner.password).status == 401
    assert log_in(team.owner.email, NEW).status == 200


def test_asking_for_an_unknown_address_answers_the_same_and_sends_nothing(team: Team) -> None:
    def ask(email: str) -> tuple[int, str, dict[str, str]]:
        answer = caller().post("/v1/auth/forgot", {"email": email})
        return answer.status, answer.body, answer.headers

    unknown = an_address()
    assert ask(unknown) == ask(team.owner.email)
    consume_of_nobody()
    assert mails_to(unknown) == []
    assert len(mails_to(team.owner.email)) == 1


def test_a_link_works_once(team: Team) -> None:
    token = token_in(ask_for_link(team.owner.email)[-1])
    assert reset(token).status == 200
    refused = reset(token, "another password")
    assert (refused.status, refused.code) == (404, "link.not_found")
    assert log_in(team.owner.email, NEW).status == 200


def test_of_sixteen_who_use_a_link_at_once_one_does(team: Team) -> None:
    token = token_in(ask_for_link(team.owner.email)[-1])
    answers = do_at_once(lambda number: reset(token, f"battery staple {number}"))
    assert statuses(answers) == {200: 1, 404: 15}
    winner = next(number for number, answer in enumerate(answers) if answer.status == 200)
    assert log_in(team.owner.email, f"battery staple {winner}").status == 200


def test_a_link_is_good_for_an_hour(team: Team) -> None:
    token = token_in(ask_for_link(team.owner.email)[-1])
    with time_machine.travel(instants.now() + timedelta(minutes=61), tick=False):
        assert reset(token).status == 404
    with time_machine.travel(instants.now() + timedelta(minutes=59), tick=False):
        assert reset(token).status == 200


def test_using_one_link_or_changing_the_password_ends_all_other_links(team: Team) -> None:
    first = token_in(ask_for_link(team.owner.email)[-1])
    second = token_in(ask_for_link(team.owner.email)[-1])
    assert first != second
    assert reset(second).status == 200
    assert reset(first).status == 404


def test_a_password_that_is_too_easy_leaves_the_link_good(team: Team) -> None:
    token = token_in(ask_for_link(team.owner.email)[-1])
    for easy in ("short", "password123", team.owner.email, ""):
        assert reset(token, easy).status == 422
    assert reset(token).status == 200


def test_a_new_password_ends_the_wait_that_somebody_elses_guessing_caused(team: Team) -> None:
    here = caller()
    with time_machine.travel(instants.now(), tick=False):
        for _ in range(domain.FREE_TRIES + 1):
            log_in(team.owner.email, "wrong one", here)
        assert log_in(team.owner.email, team.owner.password, here).status == 429
        body = {"token": token_in(ask_for_link(team.owner.email)[-1]), "password": NEW}
        here.post("/v1/auth/reset", body).ok()
        assert log_in(team.owner.email, NEW, here).status == 200


def test_nobody_is_sent_more_than_three_links_an_hour(team: Team) -> None:
    noon = instants.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False) as clock:
        for _ in range(5):
            ask_for_link(team.owner.email)
        assert len(mails_to(team.owner.email)) == accounts.LINKS_PER_HOUR
        clock.shift(timedelta(hours=1))
        assert len(ask_for_link(team.owner.email)) == accounts.LINKS_PER_HOUR + 1


def test_the_link_of_an_invitation_resets_nothing_and_the_other_way_round(team: Team) -> None:
    invitation = invite(team, an_address())
    link = token_in(ask_for_link(team.owner.email)[-1])
    assert reset(invitation).status == 404
    assert caller().get(f"/v1/invitations/{link}").status == 404
    body = {"name": "Ben", "password": PASSWORD}
    assert caller().post(f"/v1/invitations/{link}/accept", body).status == 404


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é" * 43, "../../etc"])
def test_a_made_up_token_is_refused(token: str) -> None:
    assert reset(token).status == 404


def test_what_is_no_address_is_told_so() -> None:
    assert caller().post("/v1/auth/forgot", {"email": "nobody"}).status == 422


def test_a_link_that_would_have_run_out_on_its_way_is_not_sent(team: Team) -> None:
    """The mail couldn't be sent for hours; whoever asked has asked again by now."""
    with time_machine.travel(instants.now() - timedelta(hours=2)):
        assert caller().post("/v1/auth/forgot", {"email": team.owner.email}).status < 300
    consume_of_nobody()
    assert mails_to(team.owner.email) == []

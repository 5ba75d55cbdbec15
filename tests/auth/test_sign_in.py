"""Signing in, and what guessing meets."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
import time_machine

from chalicelib.auth import domain, passwords, store
from chalicelib.kit import instants
from tests.auth.people import an_address, caller, do_at_once, log_in, statuses
from tests.support.api import Answer, Client
from tests.support.team import Team


def bare(answer: Answer) -> tuple[int, dict[str, Any], dict[str, str]]:
    """An answer without what is different in each."""
    told = {name: value for name, value in answer.json.items() if name != "request_id"}
    return answer.status, told, answer.headers


def test_signing_in_answers_as_signing_up_did(team: Team) -> None:
    told = log_in(team.owner.email, team.owner.password).ok()
    me = team.owner.get("/v1/me").ok()
    assert {name: told[name] for name in me} == me
    assert Client(token=told["access_token"]).get("/v1/me").ok() == me


def test_an_unknown_address_and_a_wrong_password_answer_the_same(team: Team) -> None:
    wrong = log_in(team.owner.email, "not my password")
    assert (wrong.status, wrong.code) == (401, "auth.wrong_credentials")
    assert bare(log_in(an_address())) == bare(wrong)
    assert bare(log_in("no address at all")) == bare(wrong)
    assert bare(log_in(f"{team.owner.email}\u0131", "x")) == bare(wrong)


def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "CURRENT", passwords.Cost(log_n=14, r=8, p=1))
    email = an_address()
    caller().post(
        "/v1/auth/signup",
        {"email": email, "password": "correct horse 7", "name": "B", "workspace_name": "W"},
    ).ok()

    def seconds(whose: str) -> float:
        began = time.thread_time()
        assert log_in(whose, "not my password").status == 401
        return time.thread_time() - began

    pairs = [(seconds(email), seconds(an_address())) for _ in range(8)]
    known, unknown = (median(one) for one in zip(*pairs, strict=True))
    assert 0.6 < unknown / known < 1.6


def test_after_ten_wrong_passwords_waiting_begins_and_doubles_up_to_fifteen_minutes() -> None:
    email, thief = an_address(), caller()
    with time_machine.travel(instants.now(), tick=False) as clock:
        tries = [log_in(email, "wrong one", thief).status for _ in range(domain.FREE_TRIES)]
        assert tries == [401] * domain.FREE_TRIES
        waits = []
        for _ in range(14):
            refused = log_in(email, "wrong one", thief)
            assert (refused.status, refused.code) == (429, "auth.too_many_tries")
            waits.append(int(refused.headers["retry-after"]))
            clock.shift(timedelta(seconds=waits[-1]))
            assert log_in(email, "wrong one", thief).status == 401
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]


def test_the_right_password_waits_as_the_wrong_one_does_and_then_opens(team: Team) -> None:
    thief = caller()
    with time_machine.travel(instants.now(), tick=False) as clock:
        for _ in range(domain.FREE_TRIES):
            log_in(team.owner.email, "wrong one", thief)
        refused = log_in(team.owner.email, team.owner.password, thief)
        assert refused.status == 429
        clock.shift(timedelta(seconds=int(refused.headers["retry-after"])))
        assert log_in(team.owner.email, team.owner.password, thief).status == 200
        assert [log_in(team.owner.email, "wrong one", thief).status for _ in range(3)] == [401] * 3


def test_refused_tries_dont_prolong_the_wait(team: Team) -> None:
    thief = caller()
    with time_machine.travel(instants.now(), tick=False) as clock:
        for _ in range(domain.FREE_TRIES + 1):
            log_in(team.owner.email, "wrong one", thief)
        for _ in range(20):
            assert log_in(team.owner.email, "wrong one", thief).status == 429
        clock.shift(timedelta(seconds=1))
        assert log_in(team.owner.email, team.owner.password, thief).status == 200


def test_an_account_that_doesnt_exist_is_locked_like_one_that_does(team: Team) -> None:
    def refusals(email: str) -> list[tuple[int, dict[str, Any], dict[str, str]]]:
        thief = caller()
        return [bare(log_in(email, "wrong one", thief)) for _ in range(domain.FREE_TRIES + 2)]

    with time_machine.travel(instants.now(), tick=False):
        assert refusals(team.owner.email) == refusals(an_address())


def test_tries_are_forgotten_after_a_day_even_if_their_row_is_still_there() -> None:
    email, thief = an_address(), caller()
    with time_machine.travel(instants.now(), tick=False) as clock:
        for _ in range(domain.FREE_TRIES + 1):
            log_in(email, "wrong one", thief)
        clock.shift(timedelta(days=1, seconds=2))
        tries = [log_in(email, "wrong one", thief).status for _ in range(domain.FREE_TRIES)]
        assert tries == [401] * domain.FREE_TRIES


def test_a_source_that_tries_many_accounts_has_to_wait_and_others_dont(team: Team) -> None:
    thief = caller()
    with time_machine.travel(instants.now(), tick=False) as clock:
        for _ in range(domain.FREE_TRIES_PER_SOURCE):
            assert log_in(an_address(), by=thief).status == 401
        assert log_in(team.owner.email, team.owner.password, by=thief).status == 429
        assert log_in(team.owner.email, team.owner.password).status == 200
        clock.shift(domain.LONGEST_WAIT)
        assert log_in(team.owner.email, team.owner.password, by=thief).status == 200


def test_a_whole_ipv6_network_of_a_household_is_one_source(team: Team) -> None:
    with time_machine.travel(instants.now(), tick=False):
        for number in range(domain.FREE_TRIES_PER_SOURCE):
            thief = Client(headers={"X-Test-Ip": f"2001:db8:1:2::{number + 1:x}"})
            assert log_in(an_address(), by=thief).status == 401
        neighbour = Client(headers={"X-Test-Ip": "2001:db8:1:3::1"})
        inside = Client(headers={"X-Test-Ip": "2001:db8:1:2:ffff::9"})
        assert log_in(team.owner.email, team.owner.password, by=inside).status == 429
        assert log_in(team.owner.email, team.owner.password, by=neighbour).status == 200


def test_guesses_sent_all_at_once_are_no_way_around_the_wait(team: Team) -> None:
    thief = caller()
    answers = do_at_once(lambda _: log_in(team.owner.email, "wrong one", thief), times=32)
    assert statuses(answers) == {401: domain.FREE_TRIES, 429: 32 - domain.FREE_TRIES}


def test_a_hash_made_with_older_parameters_is_renewed_at_sign_in(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored_hash() -> str:
        login = store.login(domain.login_id(team.owner.email))
        assert login is not None
        return login.password

    before = stored_hash()
    monkeypatch.setattr(passwords, "CURRENT", passwords.Cost(log_n=11, r=8, p=1))
    assert log_in(team.owner.email, team.owner.password).status == 200
    renewed = stored_hash()
    assert before.startswith("$scrypt$ln=4,r=8,p=1$")
    assert renewed.startswith("$scrypt$ln=11,r=8,p=1$")
    assert log_in(team.owner.email, team.owner.password).status == 200
    assert stored_hash() == renewed


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ('{"email": NaN}', 400),
        ("[]", 422),
        ('{"email": "a@b.example"}', 422),
        ('{"email": 5, "password": "x"}', 422),
        ('{"email": "a@b.example", "password": null}', 422),
        ('{"email": "a@b.example", "password": "\\ud800"}', 400),
        ('{"email": "a@b.example", "password": "\\u0000"}', 401),
        ('{"email": "", "password": ""}', 401),
    ],
)
def test_whatever_is_sent_is_no_failure_of_ours(body: str, status: int) -> None:
    assert caller().post("/v1/auth/login", body).status == status

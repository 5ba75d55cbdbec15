"""Strangers who give wrong passwords, and whom that keeps out: themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from chalicelib.auth import domain, passwords, throttle
from chalicelib.kit import instants
from tests.auth.people import (
    PASSWORD,
    an_address,
    ask_for_link,
    caller,
    colleague,
    invite,
    log_in,
    person_of,
    sign_up_body,
    token_in,
)
from tests.support.api import Client
from tests.support.team import Person, Team, sign_up

HERE = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
"""Where everybody comes from behind a proxy that isn't trusted to say."""
MANY = domain.FREE_TRIES_PER_SOURCE * 2


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands, unless it is moved."""
    with time_machine.travel(instants.now(), tick=False) as travelling:
        yield travelling


def at(ip: str) -> Client:
    return Client(headers={"X-Test-Ip": ip})


def guess(email: str, by: Client | None = None, times: int = 1) -> list[int]:
    """Wrong passwords; from another place each unless told."""
    return [log_in(email, "not the password", by).status for _ in range(times)]


def test_twelve_wrong_passwords_from_anywhere_keep_nobody_out_but_whoever_gave_them(
    team: Team,
) -> None:
    thief = caller()
    assert guess(team.owner.email, thief, 12) == [401] * 10 + [429] * 2
    assert log_in(team.owner.email, team.owner.password).status == 200
    assert log_in(team.owner.email, team.owner.password, thief).status == 429


def test_a_known_device_is_let_in_wherever_strangers_try(team: Team) -> None:
    cafe = caller()
    guess(team.owner.email, cafe, 12)
    for _ in range(MANY):
        guess(an_address(), cafe)
    device = team.owner.device_token
    assert log_in(team.owner.email, team.owner.password, cafe).status == 429
    assert log_in(team.owner.email, team.owner.password, cafe, device).status == 200


@pytest.mark.parametrize("ip", HERE)
def test_behind_a_proxy_that_hides_who_asks_nobody_locks_everybody(team: Team, ip: str) -> None:
    everybody, ben = at(ip), colleague(team)
    for _ in range(MANY):
        assert guess(an_address(), everybody) == [401]
    guess(team.owner.email, everybody, 12)
    assert log_in(ben.email, by=everybody).status == 200
    assert everybody.post("/v1/auth/signup", sign_up_body()).status == 201
    device = team.owner.device_token
    assert log_in(team.owner.email, team.owner.password, everybody).status == 429
    assert log_in(team.owner.email, team.owner.password, everybody, device).status == 200


def test_behind_such_a_proxy_a_success_makes_no_friends_of_strangers(team: Team) -> None:
    everybody = at(HERE[0])
    assert log_in(team.owner.email, team.owner.password, everybody).status == 200
    assert guess(team.owner.email, everybody, 12)[-1] == 429
    guess_from_everywhere(team.owner.email)
    assert log_in(team.owner.email, team.owner.password, at("198.18.0.9")).status == 429


def test_whoever_follows_the_mailed_link_gets_in_even_there(team: Team) -> None:
    everybody = at(HERE[0])
    guess(team.owner.email, everybody, 12)
    body = {"token": token_in(ask_for_link(team.owner.email)[-1]), "password": "battery staple"}
    device = everybody.post("/v1/auth/reset", body).ok()["device_token"]
    guess(team.owner.email, everybody, 12)
    assert log_in(team.owner.email, "battery staple", everybody).status == 429
    assert log_in(team.owner.email, "battery staple", everybody, device).status == 200


def guess_from_everywhere(email: str) -> None:
    for number in range(domain.FREE_TRIES_OF_STRANGERS):
        guess(email, at(f"198.18.{number}.1"))


def test_many_who_guess_from_everywhere_slow_down_strangers_and_nobody_else(
    team: Team, clock: time_machine.Traveller
) -> None:
    email, password, home = team.owner.email, team.owner.password, caller()
    log_in(email, password, home).ok()
    guess_from_everywhere(email)
    waits = []
    for number in range(10):
        refused = log_in(email, "not the password", at(f"198.19.{number}.1"))
        waits.append(int(refused.headers["retry-after"]))
        clock.shift(timedelta(seconds=waits[-1]))
        assert guess(email, at(f"198.19.{number}.2")) == [401]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert log_in(email, password).status == 429
    assert log_in(email, password, home).status == 200
    assert log_in(email, password, device_token=team.owner.device_token).status == 200
    clock.shift(timedelta(seconds=60))
    assert log_in(email, password).status == 200


def test_a_stolen_device_guesses_as_slowly_as_anybody_and_locks_only_itself(team: Team) -> None:
    email, device = team.owner.email, team.owner.device_token
    tries = [log_in(email, "not it", device_token=device).status for _ in range(12)]
    assert tries == [401] * 10 + [429] * 2
    assert log_in(email, team.owner.password, device_token=device).status == 429
    assert log_in(email, team.owner.password).status == 200


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é" * 43, "0" * 5000])
def test_a_made_up_device_is_a_strangers(team: Team, token: str) -> None:
    cafe = caller()
    tries = [log_in(team.owner.email, "not it", cafe, token).status for _ in range(12)]
    assert tries == [401] * 10 + [429] * 2


def test_a_device_is_known_to_its_own_person_alone(team: Team) -> None:
    ben, cafe = colleague(team), caller()
    tries = [log_in(team.owner.email, "no", cafe, ben.device_token).status for _ in range(12)]
    assert tries == [401] * 10 + [429] * 2
    assert log_in(team.owner.email, team.owner.password, cafe, ben.device_token).status == 429


def test_a_device_keeps_its_secret_and_two_people_share_one_only_by_turns(team: Team) -> None:
    email, password, device = team.owner.email, team.owner.password, team.owner.device_token
    assert log_in(email, password, device_token=device).ok()["device_token"] == device
    ben = colleague(team)
    bens = log_in(ben.email, device_token=device).ok()["device_token"]
    assert bens not in (device, ben.device_token)


def is_known(person: Person, device: str, password: str = "") -> bool:
    cafe = caller()
    guess(person.email, cafe, 12)
    return log_in(person.email, password or person.password, cafe, device).status == 200


def test_the_latest_ten_devices_are_known(team: Team) -> None:
    first = team.owner.device_token
    others = [log_in(team.owner.email, team.owner.password).ok()["device_token"] for _ in range(9)]
    assert is_known(team.owner, first)
    log_in(team.owner.email, team.owner.password).ok()
    assert is_known(team.owner, first)
    assert not is_known(team.owner, others[0])


def test_a_new_password_forgets_all_devices(team: Team) -> None:
    body = {"current_password": team.owner.password, "new_password": "battery staple"}
    team.owner.post("/v1/auth/password", body).ok()
    assert not is_known(team.owner, team.owner.device_token, "battery staple")
    device = log_in(team.owner.email, "battery staple").ok()["device_token"]
    reset = {"token": token_in(ask_for_link(team.owner.email)[-1]), "password": "staple battery"}
    caller().post("/v1/auth/reset", reset).ok()
    assert not is_known(team.owner, device, "staple battery")


def test_where_somebody_signed_in_lately_others_wrong_passwords_dont_count(
    team: Team, clock: time_machine.Traveller
) -> None:
    office = caller()
    log_in(team.owner.email, team.owner.password, office).ok()
    for _ in range(MANY):
        guess(an_address(), office)
    assert log_in(team.owner.email, team.owner.password, office).status == 200
    clock.shift(throttle.PROOF_LIFE + timedelta(days=1))
    for _ in range(MANY):
        guess(an_address(), office)
    assert log_in(team.owner.email, team.owner.password, office).status == 429


def test_a_colleague_who_forgot_their_password_locks_no_office(team: Team) -> None:
    office = caller()
    people = [colleague(team, name=f"Ben{number}") for number in range(4)]
    for each in people:
        log_in(each.email, by=office).ok()
        guess(each.email, office, 10)
    assert log_in(an_address(), by=office).status == 401
    assert log_in(team.owner.email, team.owner.password, office).status == 200


def test_nobodys_wrong_passwords_keep_anybody_from_signing_up_or_joining(team: Team) -> None:
    office = caller()
    for _ in range(MANY):
        guess(an_address(), office)
    assert office.post("/v1/auth/signup", sign_up_body()).status == 201
    token = invite(team, an_address())
    body = {"name": "Ben", "password": PASSWORD}
    assert office.post(f"/v1/invitations/{token}/accept", body).status == 200


def test_whoever_is_signed_in_changes_their_password_whatever_strangers_try(team: Team) -> None:
    office = caller()
    owner = Client(token=team.owner.token, headers=office.headers)
    guess(team.owner.email, office, 12)
    guess_from_everywhere(team.owner.email)
    body = {"current_password": team.owner.password, "new_password": "battery staple"}
    assert owner.post("/v1/auth/password", body).status == 204


def test_a_flood_of_sign_ins_keeps_nobody_out_who_is_known(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "ROOM", threading.BoundedSemaphore(1))
    assert passwords.ROOM.acquire(blocking=False), "strangers are in it"
    email, password, device = team.owner.email, team.owner.password, team.owner.device_token
    known = partial(log_in, email, password, device_token=device)
    assert log_in(email, password).status == 503
    assert log_in(email, password, device_token="a" * 43).status == 503
    assert known().status == 200
    with passwords.room(is_known=True), ThreadPoolExecutor(1) as another:
        assert another.submit(known).result().status == 503
    body = {"current_password": password, "new_password": "battery staple"}
    assert team.owner.post("/v1/auth/password", body).status == 204


def test_a_stolen_session_guesses_the_password_as_slowly_as_anybody(team: Team) -> None:
    body = {"current_password": "not it", "new_password": "battery staple"}
    tries = [team.owner.post("/v1/auth/password", body).status for _ in range(12)]
    assert tries == [422] * 10 + [429] * 2
    assert log_in(team.owner.email, team.owner.password).status == 200


def test_a_known_device_joins_a_further_team_whatever_strangers_try(team: Team) -> None:
    ann = sign_up(team.management, "Ann").owner
    cafe, token = caller(), invite(team, ann.email)
    guess(ann.email, cafe, 12)
    path, body = f"/v1/invitations/{token}/accept", {"password": ann.password}
    assert cafe.post(path, body).status == 429
    joined = person_of(cafe.post(path, {**body, "device_token": ann.device_token}).ok())
    assert joined.device_token == ann.device_token

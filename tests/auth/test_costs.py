"""What signing in and being signed in cost: round trips, units, time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine

from chalicelib.auth import service, sessions
from chalicelib.edge import tokens
from chalicelib.kit import instants
from chalicelib.platform import transport
from chalicelib.platform.observability.observe import Call
from tests.auth.people import ask_for_link, caller, log_in, person_of, sign_up_body, token_in
from tests.support.team import Person, Team


@dataclass(frozen=True)
class Cost:
    """Calls to DynamoDB, and the units that they take."""

    calls: int
    read: float
    write: float


def cost_of(action: Callable[[], object]) -> Cost:
    calls: list[Call] = []
    with transport.observe(calls.append):
        action()
    return Cost(
        len(calls), sum(one.read_units for one in calls), sum(one.write_units for one in calls)
    )


def claims_of(person: Person) -> tokens.Claims:
    return tokens.verify(str(person.token), frozenset({"operator"}))


@pytest.fixture
def warm(team: Team) -> Team:
    """A team whose workspace's name and signing keys are held."""
    team.owner.get("/v1/me").ok()
    return team


def test_signing_up(warm: Team) -> None:
    del warm
    assert cost_of(lambda: caller().post("/v1/auth/signup", sign_up_body()).ok()) == Cost(
        # The counts of the household and of the day's mails, the login; then one transaction of
        # seven rows, and the index of widget keys; then the workspace's name.
        calls=5, read=2.0, write=17.0,
    )  # fmt: skip


def test_signing_in(warm: Team) -> None:
    owner = warm.owner
    stranger = cost_of(lambda: log_in(owner.email, owner.password).ok())
    known = cost_of(
        lambda: log_in(owner.email, owner.password, device_token=owner.device_token).ok()
    )
    with time_machine.travel(instants.now() + timedelta(days=2)):
        token = owner.device_token
        later = cost_of(lambda: log_in(owner.email, owner.password, device_token=token).ok())
    assert known == later == Cost(
        # The login, its count, the count's end; then the person, their places and sessions; then
        # the new session, if the password is still the same.
        calls=7, read=4.0, write=6.0,
    )  # fmt: skip
    # The household's count besides, and the strangers' with its end.
    assert stranger == Cost(calls=10, read=4.5, write=8.0)


def test_inviting(warm: Team) -> None:
    body = {"email": "ben@people.example", "role": "operator"}
    assert cost_of(lambda: warm.owner.post("/v1/users", body).ok()) == Cost(
        # Whether the inviter's address is proved, the login, the offer (twice), how many are
        # invited; four counts; then the offer and the event.
        calls=10, read=4.5, write=8.0,
    )  # fmt: skip


def test_asking_whether_anybody_may_sign_up_costs_nothing(warm: Team) -> None:
    del warm
    assert cost_of(lambda: caller().get("/v1/auth/signup").ok()) == Cost(0, 0.0, 0.0)


def test_refreshing(warm: Team) -> None:
    body = {"refresh_token": warm.owner.refresh_token}
    assert cost_of(lambda: caller().post("/v1/auth/refresh", body).ok()) == Cost(
        calls=4, read=3.0, write=1.0
    )


def test_a_request_of_somebody_who_hasnt_been_seen_for_ten_seconds(warm: Team) -> None:
    sessions.forget_operators(warm.owner.id)
    now = instants.now()
    assert cost_of(lambda: service.authenticate(claims_of(warm.owner), now)) == Cost(
        calls=2, read=2.0, write=0.0
    )
    assert cost_of(lambda: service.authenticate(claims_of(warm.owner), now)) == Cost(0, 0.0, 0.0)


def test_ones_own_account(warm: Team) -> None:
    assert cost_of(lambda: warm.owner.get("/v1/me").ok()) == Cost(calls=2, read=2.0, write=0.0)


def test_asking_for_a_link_costs_the_same_with_and_without_an_account(warm: Team) -> None:
    def ask(email: str) -> Cost:
        return cost_of(lambda: caller().post("/v1/auth/forgot", {"email": email}))

    known, unknown = ask(warm.owner.email), ask("nobody@people.example")
    assert known == unknown == Cost(calls=3, read=0.0, write=4.0)


def test_choosing_a_new_password(warm: Team) -> None:
    body = {"token": token_in(ask_for_link(warm.owner.email)[-1]), "password": "battery staple"}
    told = log_in(warm.owner.email, warm.owner.password).ok()
    assert person_of(told).id == warm.owner.id
    assert cost_of(lambda: caller().post("/v1/auth/reset", body).ok()) == Cost(
        # The link and the login; the person, their place and two sessions; the change, with the
        # end of the sessions and the event; a second look; the end of both counts.
        calls=9, read=6.0, write=10.0,
    )  # fmt: skip


def test_a_held_authentication_takes_a_small_part_of_a_millisecond(warm: Team) -> None:
    """Some 10 and 40 µs on a quiet machine; the best of many short rounds, with room for others."""
    claims, now = claims_of(warm.owner), instants.now()
    service.authenticate(claims, now)

    def best(action: Callable[[], object], times: int = 20) -> float:
        found = []
        for _ in range(200):
            began = time.thread_time()
            for _ in range(times):
                action()
            found.append((time.thread_time() - began) / times)
        return min(found)

    assert best(lambda: service.authenticate(claims, now)) < 60e-6
    assert best(lambda: service.authenticate(claims_of(warm.owner), now)) < 150e-6

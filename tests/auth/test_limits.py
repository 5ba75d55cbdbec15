"""How often a source, or a person, may ask for what costs others something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.auth import accounts, invitations, signing_in, throttle
from chalicelib.kit import instants
from chalicelib.widget import service as widget
from tests.auth.people import an_address, caller, forgotten, sign_up_body
from tests.support.api import Client
from tests.support.team import Team


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon: no minute and no hour ends while a test counts."""
    noon = instants.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False) as travelling:
        yield travelling


def household() -> tuple[Client, Client, Client]:
    """Two machines of one IPv6 network, and one of the next."""
    network = ":".join(caller().headers["X-Test-Ip"].split(".")[2:])
    ours = [f"2001:db8:{network}::1", f"2001:db8:{network}:8::2"]
    first, second, other = (
        Client(headers={"X-Test-Ip": ip}) for ip in (*ours, f"2001:db9:{network}::1")
    )
    return first, second, other


def test_a_source_makes_only_so_many_accounts_an_hour(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "ACCOUNTS_PER_HOUR", 3)
    first, second, other = household()

    def made(by: Client) -> int:
        return by.post("/v1/auth/signup", sign_up_body()).status

    assert [made(first), made(second), made(first), made(second)] == [201, 201, 201, 429]
    refused = first.post("/v1/auth/signup", sign_up_body())
    assert (refused.code, refused.headers["retry-after"]) == ("auth.too_many_accounts", "3600")
    assert made(other) == 201
    clock.shift(timedelta(hours=1))
    assert made(first) == 201


def test_a_household_asks_for_only_so_many_links_an_hour(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "LINKS_PER_HOUR_AND_SOURCE", 2)
    first, second, other = household()
    for _ in range(2):
        assert second.post("/v1/auth/forgot", {"email": an_address()}).status == 204
    assert forgotten(team.owner.email, by=first) == []
    assert len(forgotten(team.owner.email, by=other)) == 1


def test_a_source_starts_only_so_many_widget_sessions_a_minute(
    clock: time_machine.Traveller, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget, "SESSIONS_PER_MINUTE", 4)
    monkeypatch.setattr(throttle, "UNCOUNTED", 3)
    first, second, other = household()
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}

    def started(by: Client) -> int:
        return by.post("/v1/widget/session", body).status

    assert [started((first, second)[number % 2]) for number in range(9)] == [200] * 7 + [429] * 2
    refused = first.post("/v1/widget/session", body)
    assert (refused.code, refused.headers["retry-after"]) == ("request.too_many", "60")
    assert started(other) == 200
    clock.shift(timedelta(minutes=1))
    assert started(first) == 200


def test_this_machine_is_no_source(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget, "SESSIONS_PER_MINUTE", 1)
    monkeypatch.setattr(throttle, "UNCOUNTED", 0)
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}
    for ip in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        proxy = Client(headers={"X-Test-Ip": ip})
        assert {proxy.post("/v1/widget/session", body).status for _ in range(3)} == {200}
    strangers = [
        Client(headers={"X-Test-Ip": f"::ffff:{caller().headers['X-Test-Ip']}"}) for _ in "ab"
    ]
    assert [each.post("/v1/widget/session", body).status for each in strangers] == [200, 200]


def test_a_person_invites_only_so_many_from_however_many_workspaces(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = team.join("Ada", "admin")
    monkeypatch.setattr(invitations, "INVITATIONS_PER_HOUR", 3)

    def invited(by: Client) -> int:
        return by.post("/v1/users", {"email": an_address(), "role": "operator"}).status

    assert [invited(team.owner), invited(team.owner), invited(team.owner)] == [201, 201, 429]
    second = team.owner.post("/v1/workspaces", {"name": "Second"}).ok()["access_token"]
    assert invited(Client(second)) == 429
    assert invited(ada) == 201

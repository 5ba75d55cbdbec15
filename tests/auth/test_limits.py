"""How often a source, or a person, may ask for what costs others something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.auth import accounts, invitations, signing_up
from chalicelib.kit import instants
from tests.auth.people import an_address, ask_for_link, caller, sign_up_body
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
    monkeypatch.setattr(signing_up, "ACCOUNTS_PER_HOUR", 3)
    first, second, other = household()

    def invite_status(by: Client) -> int:
        return by.post("/v1/auth/signup", sign_up_body()).status

    assert [
        invite_status(first),
        invite_status(second),
        invite_status(first),
        invite_status(second),
    ] == [201, 201, 201, 429]
    refused = first.post("/v1/auth/signup", sign_up_body())
    assert (refused.code, refused.headers["retry-after"]) == ("auth.too_many_accounts", "3600")
    assert invite_status(other) == 201
    clock.shift(timedelta(hours=1))
    assert invite_status(first) == 201


def test_a_household_asks_for_only_so_many_links_an_hour(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "LINKS_PER_HOUR_AND_SOURCE", 2)
    first, second, other = household()
    for _ in range(2):
        assert second.post("/v1/auth/forgot", {"email": an_address()}).status == 204
    assert ask_for_link(team.owner.email, by=first) == []
    assert len(ask_for_link(team.owner.email, by=other)) == 1


def test_a_person_invites_only_so_many_from_however_many_workspaces(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = team.join("Ada", "admin")
    monkeypatch.setattr(invitations, "INVITATIONS_PER_DAY_AND_PERSON", 3)

    def invite_number(by: Client) -> int:
        return by.post("/v1/users", {"email": an_address(), "role": "operator"}).status

    assert [invite_number(team.owner), invite_number(team.owner), invite_number(team.owner)] == [
        201,
        201,
        429,
    ]
    second = team.owner.post("/v1/workspaces", {"name": "Second"}).ok()["access_token"]
    assert invite_number(Client(second)) == 429
    assert invite_number(ada) == 201

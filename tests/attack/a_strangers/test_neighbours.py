"""One line of IPv6 is given as many networks as it likes, and counts once all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
import time_machine

from chalicelib.auth import accounts, domain, signing_up
from chalicelib.edge import budgets, purses
from chalicelib.kit import instants
from chalicelib.kit.addresses import neighbourhood, wider
from tests.auth.people import an_address, ask_for_link, log_in, sign_up_body
from tests.support.api import Client
from tests.support.team import Team

_lines = count(1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands, unless it is moved: nothing is gained by a test's slowness."""
    noon = instants.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False) as travelling:
        yield travelling


class Line:
    """A line of somebody's, of 48 bits, which nobody has asked from yet."""

    def __init__(self) -> None:
        self.prefix = f"2001:db9:{next(_lines):x}"
        self._networks = count(1)

    def fresh(self) -> Client:
        """Another household of it, as it seems."""
        return Client(headers={"X-Test-Ip": f"{self.prefix}:{next(self._networks):x}::1"})

    @property
    def network(self) -> str:
        return f"{self.prefix}::/48"


@pytest.mark.parametrize(
    ("address", "place", "wide"),
    [
        ("198.51.100.7", "198.51.100.7/32", ""),
        ("::ffff:198.51.100.7", "198.51.100.7/32", ""),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48", "2001:db8:1::/48"),
        ("::1", "this machine", ""),
        ("nobody", "nobody", ""),
        ("", "", ""),
    ],
)
def test_who_counts_as_one(address: str, place: str, wide: str) -> None:
    assert neighbourhood(address) == place
    assert wider(address) == wide


@pytest.mark.usefixtures("limits")
def test_one_line_does_not_use_up_what_a_workspaces_visitors_have(team: Team) -> None:
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}
    line, asked = Line(), 0
    while line.fresh().post("/v1/widget/session", body).status == 200:
        asked += 1
        budgets._pay([(purses.NETWORK, line.network)], 490)
    assert asked == 32
    assert line.fresh().get("/v1/me").status == 429
    assert Line().fresh().post("/v1/widget/session", body).status == 200
    assert purses.NETWORK.bucket.size < purses.CUSTOMERS.bucket.size
    assert purses.NETWORK.bucket.rate < purses.CUSTOMERS.bucket.rate


@pytest.mark.usefixtures("limits")
def test_what_one_line_has_kept_in_a_day_is_counted_together(team: Team) -> None:
    line = Line()
    for _ in range(4):
        budgets._pay([(purses.STORAGE_OF_NETWORK, line.network)], 99_999)
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}
    token = line.fresh().post("/v1/widget/session", body).ok()["token"]
    guest = Client(token, line.fresh().headers)
    begun = guest.post("/v1/widget/conversations", {"text": "Hi", "client_id": "c-of-theirs"})
    assert begun.status == 429
    elsewhere = Client(token, Line().fresh().headers)
    assert elsewhere.post(
        "/v1/widget/conversations", {"text": "Hi", "client_id": "c-of-theirs"}
    ).ok()


def test_one_line_guesses_only_so_often_whichever_network_it_takes(
    clock: time_machine.Traveller, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each guess is hashed, and there is little room for that: it would keep all others out."""
    monkeypatch.setattr(domain, "FREE_TRIES_PER_NEIGHBOURHOOD", 5)
    line = Line()
    at_home, elsewhere = line.fresh(), Line().fresh()
    assert log_in(team.owner.email, team.owner.password, at_home).status == 200
    assert [log_in(an_address(), by=line.fresh()).status for _ in range(7)] == [401] * 5 + [429] * 2
    assert log_in(team.owner.email, team.owner.password, line.fresh()).status == 429
    assert log_in(team.owner.email, team.owner.password, at_home).status == 200
    assert log_in(team.owner.email, team.owner.password, elsewhere).status == 200
    clock.shift(domain.LONGEST_WAIT + timedelta(seconds=1))
    assert log_in(team.owner.email, team.owner.password, line.fresh()).status == 200


def test_one_line_makes_only_so_many_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_up, "ACCOUNTS_PER_HOUR", 1)
    line = Line()
    made = [line.fresh().post("/v1/auth/signup", sign_up_body()).status for _ in range(5)]
    assert made == [201] * 4 + [429]
    assert Line().fresh().post("/v1/auth/signup", sign_up_body()).status == 201


def test_one_line_asks_for_only_so_many_links(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "LINKS_PER_HOUR_AND_SOURCE", 1)
    line = Line()
    for _ in range(4):
        line.fresh().post("/v1/auth/forgot", {"email": an_address()}).ok()
    assert ask_for_link(team.owner.email, by=line.fresh()) == []
    assert len(ask_for_link(team.owner.email, by=Line().fresh())) == 1

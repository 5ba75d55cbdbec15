"""To knock at the socket's door costs, whatever ticket is shown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
import time_machine

import app
from chalicelib.edge import budgets, purses
from chalicelib.kit import instants
from tests.edge.test_budgets import spend
from tests.support.team import Team

pytestmark = pytest.mark.usefixtures("limits")

_places = count(1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Nothing is gained by a test's slowness."""
    with time_machine.travel(instants.now(), tick=False):
        yield


def a_place() -> str:
    """An address that nobody has spent anything of."""
    return f"198.18.99.{next(_places)}"


def knock(address: str, ticket: str) -> int:
    context = {
        "connectionId": f"Knock{address}=",
        "eventType": "CONNECT",
        "routeKey": "$connect",
        "requestId": "r",
        "domainName": "socket.test",
        "stage": "api",
        "apiId": "test",
        "identity": {"sourceIp": address},
    }
    event = {"requestContext": context, "queryStringParameters": {"ticket": ticket}}
    return int(app.connect(event, None)["statusCode"])


@pytest.mark.parametrize("ticket", ["x", "hand.9999999999.secret", "0" * 190, "hand.1.secret"])
def test_whoever_has_no_ticket_knocks_only_so_often(team: Team, ticket: str) -> None:
    place = a_place()
    spend(purses.SOURCE, f"{place}/32", 11_990)
    assert [knock(place, ticket) for _ in range(11)] == [401] * 10 + [429]
    assert knock(a_place(), ticket) == 401


def test_a_ticket_that_came_too_soon_is_still_good(team: Team) -> None:
    place, ticket = a_place(), team.guest().post("/v1/socket-tickets").ok()["ticket"]
    spend(purses.SOURCE, f"{place}/32", 12_000)
    assert knock(place, ticket) == 429
    budgets.forget_all()
    assert knock(place, ticket) == 200

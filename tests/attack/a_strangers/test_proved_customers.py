"""Strangers of a few addresses take a workspace's purse of strangers, not its customers'."""

from __future__ import annotations

import hmac

import pytest
import time_machine

from chalicelib.edge import budgets, purses
from chalicelib.edge.purses import Purse
from chalicelib.kit import instants
from tests.support.api import Answer
from tests.support.sockets import Socket
from tests.support.team import Guest, Team, fresh

pytestmark = pytest.mark.usefixtures("limits")


def begin(guest: Guest) -> Answer:
    return guest.post("/v1/widget/conversations", {"text": "Hello", "client_id": fresh()})


def empty(purse: Purse, whose: str) -> None:
    while not budgets._wait([(purse, whose)], 1):
        pass


def is_refused(socket: Socket) -> bool:
    socket.send({"action": "ping"})
    return [told["code"] for told in socket.of("problem")] == ["request.too_many"]


def test_a_flood_of_strangers_leaves_proved_customers_theirs(team: Team) -> None:
    secret = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    name = fresh()
    proof = hmac.digest(secret.encode(), name.encode(), "sha256").hex()
    with time_machine.travel(instants.now(), tick=False):
        customer = team.guest(identity={"external_id": name, "user_hash": proof})
        # Whoever only says so is a stranger.
        stranger = team.guest(identity={"external_id": name, "user_hash": "0" * 64})
        sockets = team.socket(customer), team.socket(stranger)
        empty(purses.CUSTOMERS, team.workspace_id)
        assert (begin(customer).status, begin(stranger).status) == (201, 429)
        assert [is_refused(each) for each in sockets] == [False, True]
        empty(purses.PROVED, team.workspace_id)
        assert begin(customer).status == 429
        assert team.owner.get("/v1/conversations").status == 200

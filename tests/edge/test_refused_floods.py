"""Floods that are refused: they are paid for like all else, and write no log without end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from chalicelib.kit import instants
from chalicelib.platform.config import config
from tests.support.api import send
from tests.support.logs import log_as_lambda
from tests.support.team import Team

pytestmark = pytest.mark.usefixtures("limits")


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Nothing is gained by slowness."""
    with time_machine.travel(instants.now(), tick=False):
        yield


def test_what_no_route_takes_is_paid_for_like_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOYER_LIMITS", "0.01")
    config.cache_clear()
    untaken = (("POST", "text/plain"), ("PUT", "application/json"))
    answers = [
        send(method, "/v1/contacts", "{}", {"Content-Type": content})
        for method, content in 65 * untaken
    ]
    assert {answer.status for answer in answers[:120]} == {405, 415}
    assert {answer.status for answer in answers[120:]} == {429}
    refused = answers[-1]
    assert refused.code == "request.too_many"
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["access-control-allow-origin"] == "*"


def test_a_flood_that_is_refused_writes_some_lines(team: Team) -> None:
    guest = team.guest()
    socket = team.socket(guest)
    with log_as_lambda() as written:
        while guest.get("/v1/widget/conversations").status != 429:
            pass
        for _ in range(500):
            assert guest.get("/v1/widget/conversations").status == 429
            socket.send({"action": "ping"})
    told = [line for line in written.lines if line.get("problem") == "request.too_many"]
    assert 10 <= len(told) <= 20

"""What a socket may send: people never notice, floods are told of seldom and cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.kit import instants
from tests.support.sockets import Socket
from tests.support.team import Team

pytestmark = pytest.mark.usefixtures("limits")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon: nothing is gained by a test's slowness."""
    noon = instants.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False) as travelling:
        yield travelling


def test_frames_without_end_are_told_of_once_a_second_and_then_cut_off(
    clock: time_machine.Traveller, team: Team
) -> None:
    guest = team.guest()
    socket, another = team.socket(guest), team.socket(team.guest())
    ping = {"action": "ping"}
    for _ in range(60):
        socket.send(ping)
    assert [each["type"] for each in socket.frames] == ["pong"] * 60
    for _ in range(100):
        socket.send(ping)
    told = socket.of("problem")
    assert len(told) == 10
    assert (told[0]["code"], told[0]["status"], told[0]["retry_after"]) == (
        "request.too_many", 429, 1,
    )  # fmt: skip
    clock.shift(timedelta(seconds=1))
    socket.send(ping)
    assert socket.frames[-1]["type"] == "pong"
    for _ in range(110):
        socket.send(ping)
    assert socket.id not in team.management.open
    another.send(ping)
    assert another.frames[-1] == {"type": "pong"}


@pytest.mark.parametrize(
    "frame",
    [
        {"action": "presence", "page": {"url": "https://shop.example/"}, "state": "active"},
        {"action": "typing", "conversation_id": "cnv_none"},
        {"action": "subscribe", "topic": "conversations"},
        "not json",
        {"action": "dance"},
    ],
)
def test_a_frame_of_any_kind_costs(team: Team, frame: Any) -> None:
    socket = team.socket(team.guest())
    for _ in range(60):
        socket.send(frame)
    socket.send({"action": "ping"})
    assert "pong" not in [each["type"] for each in socket.frames]


def test_more_sockets_are_no_way_around(team: Team) -> None:
    guest = team.guest()
    sockets = [Socket(team.management, guest) for _ in range(3)]
    for socket in sockets * 25:
        socket.send({"action": "ping"})
    assert sum(each["type"] == "pong" for one in sockets for each in one.frames) == 60

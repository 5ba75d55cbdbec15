"""Whatever comes over a socket, it is answered with a problem, and the socket goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.edge.frames import FRAME_LIMIT
from tests.matrix import bad_requests
from tests.matrix.expectations import ACTIONS
from tests.matrix.table_writes import check_nothing_written, watch_tables
from tests.matrix.test_actions import fill_in
from tests.matrix.world import World
from tests.support.sockets import Socket


@pytest.fixture(params=["owner", "ann"])
def socket(world: World, request: pytest.FixtureRequest) -> Iterator[Socket]:
    """An operator's socket, or a visitor's."""
    name: str = request.param
    for team in (world.ours, world.theirs):
        team.pump()
    opened = world.ours.socket(world.asks[name])
    yield opened
    assert replies(opened, '{"action": "ping"}') == [{"type": "pong"}]
    opened.close()


def test_what_is_no_frame_is_answered_with_a_problem(socket: Socket) -> None:
    for kind, body in bad_requests.FRAMES.items():
        with check_nothing_written():
            told = replies(socket, body)
        assert [frame["type"] for frame in told] == ["problem"], kind
        expected = (413,) if len(body) > FRAME_LIMIT else (400, 422)
        assert told[0]["data"]["status"] in expected, (kind, told)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_bad_value_in_a_frame_is_no_failure_of_ours(
    world: World, socket: Socket, action: str
) -> None:
    good = fill_in(action, world.ids["our conversation"])
    for kind, body in bad_requests.bodies(good):
        with watch_tables() as written:
            told = [each for each in replies(socket, body.decode()) if each["type"] == "problem"]
        assert all(400 <= each["data"]["status"] < 500 for each in told), (kind, told)
        assert not (told and written), (kind, written)
        if any(each in kind for each in ("unknown", "surrogate", "1e400", "deep")):
            assert told, kind


def test_a_frame_on_a_closed_connection_does_nothing(world: World) -> None:
    for name in ("owner", "ann"):
        opened = world.ours.socket(world.asks[name])
        opened.close()
        before = len(opened.frames)
        with check_nothing_written():
            for action in sorted(ACTIONS):
                opened.send(fill_in(action, world.ids["our conversation"]))
            opened.close()
        assert len(opened.frames) == before


def test_a_frame_of_a_connection_that_never_was_does_nothing(world: World) -> None:
    opened = Socket(world.ours.management, world.asks["owner"], ticket="no ticket")
    assert opened.status == 401
    with check_nothing_written():
        opened.send({"action": "subscribe", "topic": "conversations"})
        opened.close()
    assert opened.frames == []


def replies(socket: Socket, body: str) -> list[dict[str, Any]]:
    """What comes back for a frame, other people's news left out."""
    before = len(socket.frames)
    socket.send(body)
    told = socket.frames[before:]
    assert json.dumps(told)
    return [frame for frame in told if frame["type"] in ("problem", "pong")]

"""One line for each piece of work at each door: what it was and took, and nothing of people."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from contextlib import redirect_stderr, suppress
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.conversations.events import MessageCreated
from chalicelib.kit.events import Recorded
from chalicelib.platform.tables import parking
from tests.support.api import Client
from tests.support.clock import schedule_event
from tests.support.faults import FOR_EVER, Faults, cut
from tests.support.logs import log_as_lambda
from tests.support.team import Team

TOOK = {"level", "timestamp", "ms"}


def facts(line: dict[str, Any]) -> dict[str, Any]:
    """A line without what is different each time."""
    assert line.keys() >= TOOK
    assert line["ms"] > 0
    varying = {*TOOK, "request_id", "cold_start"}
    return {name: value for name, value in line.items() if name not in varying}


def test_a_request_says_whose_route_it_was_and_what_it_asked_for(team: Team) -> None:
    conversation = team.guest().start()["conversation"]["id"]
    with log_as_lambda() as written:
        team.owner.get(f"/v1/conversations/{conversation}").ok()
        refused = team.owner.get("/v1/conversations/cnv_of_nobody")
        Client().get("/v1/workspace")
    found, missing, nobody = written.of("http")
    route = {"door": "http", "message": "GET /v1/conversations/{id}"}
    whose = {"actor": "operator", "workspace": team.workspace_id}
    asked = {"calls": 1, "read_units": 1.0}
    assert facts(found) == {**route, **whose, **asked, "status": 200}
    assert (missing["status"], missing["problem"]) == (404, "conversation.not_found")
    assert missing["request_id"] == refused.json["request_id"]
    assert facts(nobody) == {
        "door": "http", "message": "GET /v1/workspace", "status": 401,
        "problem": "auth.unauthenticated", "actor": "nobody",
    }  # fmt: skip


def test_a_socket_says_how_it_opened_what_was_sent_and_that_it_closed(team: Team) -> None:
    with log_as_lambda() as written:
        socket = team.socket(team.owner, "conversations")
        socket.send({"action": "dance"})
        socket.close()
    opened, subscribed, refused, closed = written.of("socket")
    whose = {"door": "socket", "actor": "operator", "workspace": team.workspace_id}
    assert (opened["message"], opened["status"], opened["write_units"]) == ("$connect", 200, 3)
    assert facts(subscribed).items() >= {**whose, "message": "subscribe", "status": 200}.items()
    assert (refused["message"], refused["problem"]) == ("$default", "request.invalid")
    assert facts(closed).items() >= {**whose, "message": "$disconnect", "status": 200}.items()
    assert len({each["request_id"] for each in (opened, subscribed, refused, closed)}) == 4


def test_a_batch_of_events_says_which_they_were_and_how_late(team: Team) -> None:
    guest = team.guest()
    guest.start()
    with log_as_lambda() as written:
        team.pump()
    (line,) = written.of("events")
    assert line["events"]["message.created"] == 1
    assert line["workspace"] == team.workspace_id
    assert 0 <= line["lag_ms"] < 60_000
    assert line["read_units"] > 0, "reactions run in threads of their own"


def test_a_tick_of_the_clock_is_a_piece_of_work() -> None:
    with log_as_lambda() as written:
        app.every_minute(schedule_event(), None)
    (line,) = written.of("clock")
    assert line["message"] == "every_minute"
    assert line["read_units"] >= 3


WRITTEN = "My secret is swordfish"


def quoting(recorded: Recorded) -> None:
    """A reaction that fails with a text that somebody wrote."""
    assert recorded.id
    int(WRITTEN)


@pytest.fixture
def breaking() -> Iterator[None]:
    reactions: Any = wiring.SUBSCRIBERS[MessageCreated]
    reactions.append(quoting)
    yield
    reactions.remove(quoting)
    for row in parking.list_shelf(parking.WAITING):
        row.delete()


def test_a_failure_says_where_it_was_and_of_whose_work_but_quotes_nobody(
    team: Team, breaking: None
) -> None:
    team.guest().start(WRITTEN)
    with log_as_lambda() as written:
        team.pump()
    (failed,) = [line for line in written.lines if "exception" in line]
    assert failed["exception"] == "ValueError"
    assert failed["work"] == "outbox"
    assert "test_logs.py" in failed["stack_trace"][-1]
    assert "swordfish" not in written.out.getvalue()


def test_what_escapes_from_a_door_takes_no_message_along(team: Team) -> None:
    """Lambda itself would log it."""
    socket = team.socket(team.owner)
    with log_as_lambda() as written, Faults() as faults:
        faults.plan(cut, times=FOR_EVER)
        with pytest.raises(Exception, match=r"^\$disconnect$") as raised:
            socket.close()
    assert raised.value.__suppress_context__
    assert [line["level"] for line in written.of("socket")][-1] == "WARNING"


def test_only_a_share_of_what_went_well_is_logged_but_all_that_went_wrong(team: Team) -> None:
    def logged_statuses(**env: str) -> list[int]:
        with log_as_lambda(**env) as written:
            team.owner.get("/v1/workspace").ok()
            with Faults() as faults:
                faults.plan(cut, times=FOR_EVER)
                Client(team.owner.token).get("/v1/users")
        return [line["status"] for line in written.of("http")]

    assert logged_statuses() == [200, 503]
    assert logged_statuses(FOYER_LOG_SHARE="0") == [503]
    assert logged_statuses(FOYER_LOG_LEVEL="warning") == [503]
    assert logged_statuses(FOYER_LOG_LEVEL="error") == []
    assert logged_statuses(FOYER_LOG_SHARE="a bit", FOYER_LOG_LEVEL="loud") == [200, 503]


def test_on_one_machine_the_same_is_a_sentence(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    team.owner.get("/v1/workspace").ok()
    said = capsys.readouterr().err.splitlines()[-1]
    assert "200 GET /v1/workspace, " in said
    assert f" ms, 1 call (1 read, 0 written), operator of {team.workspace_id}, " in said


def test_lines_are_as_long_as_their_price_says(team: Team) -> None:
    """docs/costs.md: 400 bytes, and 600 for metrics."""
    with log_as_lambda() as written:
        socket = team.socket(team.owner, "conversations")
        team.guest().start()
        team.pump()
        app.every_minute(schedule_event(), None)
        socket.close()
    lines = written.out.getvalue().splitlines()
    figures = [len(line) for line in lines if "_aws" in line]
    assert figures
    assert max(figures) <= 600
    assert max(len(line) for line in lines if "_aws" not in line) <= 400


def a_closed_terminal() -> io.TextIOWrapper:
    """What nobody reads any more (`make run | head`, a log collector that has ended)."""
    reader, writer = os.pipe()
    os.close(reader)
    return io.TextIOWrapper(io.FileIO(writer, "w"), write_through=True)


def test_where_no_line_can_be_written_work_goes_on(team: Team) -> None:
    gone, closed = a_closed_terminal(), io.StringIO()
    closed.close()
    for nowhere in (gone, closed):
        with redirect_stderr(nowhere):
            team.guest().start()
            assert "message.created" in team.pump()
            app.every_minute(schedule_event(), None)
            logging.getLogger("foyer.clock").warning("a warning of %s", "ours")
            assert team.socket(team.owner, "conversations").topics == ["conversations"]
    with suppress(BrokenPipeError):
        gone.close()

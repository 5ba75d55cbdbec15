"""What goes through queues is done once, in spite of everything, or somebody hears of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine

import app
from chalicelib import queues
from chalicelib.kit import instants
from chalicelib.lanes import LANES
from chalicelib.platform import smtp
from chalicelib.platform.queues import Queued
from chalicelib.platform.tables import done
from chalicelib.platform.tables.outbox import OutboxRow
from infra import parked
from infra.local.events import queue_event
from tests.support.clock import schedule_event
from tests.support.faults import FOR_EVER, Faults, cut, throttle
from tests.support.logs import log_as_lambda
from tests.support.mail_server import mails_by_server
from tests.support.parked_rows import empty_shelves
from tests.support.team import Team, fresh, mails_to, work_off

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Nothing waits but what the test itself lets wait."""
    yield
    for lane in LANES:
        for row in Queued.query(lane):
            row.delete()
    empty_shelves()


@pytest.fixture
def faults() -> Iterator[Faults]:
    """The engine behind a proxy that fails as told."""
    with Faults() as standing:
        yield standing


def invite(team: Team) -> str:
    """The address of somebody who is to get a mail."""
    email = f"ben@{fresh().lower()}.example"
    team.owner.post("/v1/users", {"email": email, "role": "operator"}).ok()
    return email


def work_off_at(at: datetime) -> None:
    with time_machine.travel(at):
        work_off()


def waiting() -> list[Queued]:
    return [row for lane in LANES for row in Queued.query(lane)]


def test_an_event_that_comes_twice_sends_one_mail(team: Team) -> None:
    email = invite(team)
    records = team.records()
    for _ in range(3):
        assert app.consume_outbox({"Records": records}, None) == {"batchItemFailures": []}
    assert mails_to(email) == [], "the stream's function sends none itself"
    work_off()
    assert len(mails_to(email)) == 1
    assert waiting() == []


def test_a_mail_that_is_refused_is_tried_ever_more_seldom_and_sent_once(team: Team) -> None:
    with mails_by_server(RCPT="450 later") as server:
        invite(team)
        began = instants.now()
        tried = []
        for minute in range(40):
            before = server.said.count("RCPT")
            with time_machine.travel(began + minute * MINUTE):
                team.pump() if minute == 0 else work_off()
            if server.said.count("RCPT") > before:
                tried.append(minute)
        waits = [later - sooner for sooner, later in pairwise(tried)]
        assert waits == sorted(waits)
        assert len(waits) in (4, 5)
        server.answers = {}
        for hours in (2, 3, 4):
            work_off_at(began + timedelta(hours=hours))
        assert len(server.taken) == 1


def test_what_fails_for_a_day_is_given_up_kept_and_done_when_somebody_says_so(team: Team) -> None:
    began = instants.now()
    with mails_by_server(RCPT="550 no"):
        email = invite(team)
        team.pump()
        for hours in range(24):
            work_off_at(began + timedelta(hours=hours))
            assert waiting()
        for hours in range(24, 60):
            work_off_at(began + timedelta(hours=hours))
    assert waiting() == []
    (group,) = parked.groups()
    assert (group.shelf, group.reaction) == ("given_up", "auth.reactions.send_invitation")
    redrive(began + timedelta(hours=61))
    assert len(mails_to(email)) == 1


def test_what_was_given_up_is_done_also_when_the_outbox_has_forgotten_it(team: Team) -> None:
    """It forgets after thirty days; what is given up waits for somebody, however long."""
    began = instants.now()
    with mails_by_server(RCPT="550 no"):
        email = invite(team)
        for hours in range(60):
            with time_machine.travel(began + timedelta(hours=hours)):
                team.pump()
                work_off()
    for row in OutboxRow.query(team.workspace_id):
        row.delete()
    redrive(began + timedelta(days=31))
    assert len(mails_to(email)) == 1


def test_what_is_no_message_is_told_of_and_keeps_no_other(team: Team) -> None:
    email = invite(team)
    (event,) = [each for each in team.records() if event_name(each) == "member.invited"]
    message = {
        "workspace_id": team.workspace_id,
        "event_id": event["eventID"],
        "reaction": "chalicelib.auth.reactions.send_invitation",
    }
    bodies = {"m1": "nonsense", "m2": json.dumps(message), "m3": "{}", "m4": json.dumps(message)}
    records = [
        queue_event("mail", name, body, 1, group=team.workspace_id)["Records"][0]
        for name, body in bodies.items()
    ]
    with log_as_lambda() as written:
        answer = queues.handle({"Records": records}, None)
    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == ["m1", "m3"]
    assert len(mails_to(email)) == 1
    told = [line["message"] for line in written.lines if line.get("level") == "ERROR"]
    assert told == ["message m1 can't be read", "message m3 can't be read"]


def event_name(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["NewImage"]["name"]["S"])


def redrive(at: datetime) -> None:
    """`make redrive YES=1`, and a minute for it."""
    with time_machine.travel(at):
        assert parked.redrive() == 1
        app.every_minute(schedule_event(), None)
        work_off()


def test_what_ends_between_sending_and_noting_it_never_sends_again_unless_somebody_says_so(
    team: Team, faults: Faults
) -> None:
    email = invite(team)
    began = instants.now()
    faults.plan(cut, "PutItem", table="done", skip=1, times=FOR_EVER)
    team.pump()
    assert len(mails_to(email)) == 1
    faults.clear()
    for minutes in (2, 5, 10, 30, 90, 300):
        work_off_at(began + minutes * MINUTE)
    assert len(mails_to(email)) == 1
    assert waiting() == []
    (group,) = parked.groups()
    assert (group.shelf, group.error.partition("(")[0]) == ("given_up", "InDoubt")
    redrive(began + timedelta(hours=6))
    assert len(mails_to(email)) == 2


def test_a_mail_server_that_fell_silent_after_the_whole_mail_is_not_given_it_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    with mails_by_server(END="") as server:
        invite(team)
        team.pump()
        for hours in range(1, 5):
            work_off_at(instants.now() + timedelta(hours=hours))
        assert len(server.taken) == 1
    assert [group.shelf for group in parked.groups()] == ["given_up"]


def test_what_fails_before_it_is_sent_is_simply_tried_again(team: Team, faults: Faults) -> None:
    email = invite(team)
    faults.plan(throttle, "PutItem", table="done", times=FOR_EVER)
    team.pump()
    assert mails_to(email) == []
    faults.clear()
    work_off_at(instants.now() + 2 * MINUTE)
    assert len(mails_to(email)) == 1


def test_two_runs_at_the_same_message_send_one_mail(team: Team) -> None:
    email = invite(team)
    sent: list[str] = []

    def send() -> None:
        done.once("evt_1", "reaction", lambda: sent.append(email))

    def slowly() -> None:
        with pytest.raises(done.UnderWay):
            send()
        sent.append("slow")

    done.once("evt_1", "reaction", slowly)
    send()
    assert sent == ["slow"]


def test_what_cannot_be_put_on_a_queue_is_parked_and_put_there_by_the_clock(
    team: Team, faults: Faults
) -> None:
    email = invite(team)
    faults.plan(throttle, "PutItem", table="queued", times=FOR_EVER)
    team.pump()
    faults.clear()
    assert mails_to(email) == []
    with time_machine.travel(instants.now() + 2 * MINUTE):
        app.every_minute(schedule_event(), None)
        work_off()
    assert len(mails_to(email)) == 1


def test_the_queues_entry_knows_nothing_of_routes_sockets_or_conversations() -> None:
    ask = (
        "import sys, chalicelib.queues; print(sorted(name for name in sys.modules"
        " if name == 'chalice' or name.startswith(('app.', 'chalicelib.conversations',"
        " 'boto3', 'chalicelib.wiring')) or name.endswith('.routes')))"
    )
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

"""Whatever was given up is found, told and brought back: here and on AWS."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from botocore.exceptions import ClientError

import app
from chalicelib import wiring
from chalicelib.conversations.events import MessageCreated
from chalicelib.kit import instants
from chalicelib.kit.events import Recorded
from chalicelib.platform import transport
from chalicelib.platform.tables import parking
from infra.local.demo.client import ApiClient
from infra.local.settings import ROOT
from infra.local.testing import LocalFoyer
from infra.packaging import redrive
from infra.packaging.failed_events import Failures
from tests.support.clock import schedule_event
from tests.support.faults import ENDPOINT
from tests.support.parked_rows import empty_shelves
from tests.support.team import Team


class Broken:
    __name__ = "broken"

    def __init__(self) -> None:
        self.mended = False
        self.done: list[str] = []

    def __call__(self, recorded: Recorded) -> None:
        if not self.mended:
            raise RuntimeError("out of order")
        self.done.append(recorded.id)


@pytest.fixture
def broken_reaction() -> Iterator[Broken]:
    """One more who reacts to messages; what is parked goes with it."""
    reaction = Broken()
    reactions: Any = wiring.SUBSCRIBERS[MessageCreated]
    reactions.append(reaction)
    empty_shelves()
    yield reaction
    reactions.remove(reaction)
    empty_shelves()


def give_up(team: Team) -> None:
    """A message whose reaction failed for more than a day."""
    team.guest().start()
    team.pump()
    for hours in range(60):
        with time_machine.travel(instants.now() + timedelta(hours=hours)):
            app.every_minute(schedule_event(), None)


class Queue:
    """SQS, Lambda and the stream as far as the redrive asks them; the consumer is the real one."""

    region_name = "us-east-1"

    def __init__(self, messages: list[dict[str, Any]], *, day_old: bool) -> None:
        self.messages = {str(number): message for number, message in enumerate(messages)}
        self._seen: set[str] = set()
        self._day_old = day_old
        self._real: Any = boto3.Session()
        self._clients: list[Any] = []

    def client(self, name: str) -> Any:
        if name in ("sqs", "lambda"):
            return self
        if name == "dynamodbstreams" and self._day_old:
            return self
        # dynoxide's shard ids are shorter than botocore allows.
        lenient = Config(parameter_validation=False)
        made = self._real.client(name, endpoint_url=os.environ[ENDPOINT], config=lenient)
        self._clients.append(made)
        return made

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def get_queue_url(self, QueueName: str) -> dict[str, str]:
        assert QueueName == "foyer-failures"
        return {"QueueUrl": QueueName}

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": {"ApproximateNumberOfMessages": str(len(self.messages))}}

    def receive_message(self, **_: Any) -> dict[str, Any]:
        fresh = [handle for handle in self.messages if handle not in self._seen]
        self._seen.update(fresh)
        found = [{"Body": json.dumps(self.messages[h]), "ReceiptHandle": h} for h in fresh]
        return {"Messages": found} if found else {}

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:
        del QueueUrl
        self.messages.pop(ReceiptHandle)

    def get_shard_iterator(self, **_: Any) -> Any:
        error: Any = {"Error": {"Code": "TrimmedDataAccessException", "Message": "too old"}}
        raise ClientError(error, "GetShardIterator")

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:
        assert FunctionName == "foyer-outbox"
        told = app.consume_outbox(json.loads(Payload), None)
        return {"Payload": io.BytesIO(json.dumps(told).encode())}


def a_failed_batch(team: Team) -> dict[str, Any]:
    """What Lambda tells the queue of the newest message's record, as its documentation shows."""
    call = transport.call
    arn = call("DescribeTable", {"TableName": "foyer-outbox"})["Table"]["LatestStreamArn"]
    stream = call("DescribeStream", {"StreamArn": arn})["StreamDescription"]
    shard = stream["Shards"][-1]["ShardId"]
    place = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = call("GetShardIterator", place)["ShardIterator"]
    found: list[Any] = []
    while iterator:
        told = call("GetRecords", {"ShardIterator": iterator})
        iterator = told.get("NextShardIterator") if told["Records"] else None
        found += told["Records"]
    (record,) = [
        each
        for each in found
        if each["eventName"] == "INSERT"
        and each["dynamodb"]["NewImage"]["workspace_id"]["S"] == team.workspace_id
        and each["dynamodb"]["NewImage"]["name"]["S"] == "message.created"
    ]
    number, came = record["dynamodb"]["SequenceNumber"], record["dynamodb"]["NewImage"]["at"]["S"]
    return {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "DDBStreamBatchInfo": {
            "shardId": shard,
            "startSequenceNumber": number,
            "endSequenceNumber": number,
            "approximateArrivalOfFirstRecord": came,
            "approximateArrivalOfLastRecord": came,
            "batchSize": 1,
            "streamArn": arn,
        },
    }


@pytest.mark.parametrize("day_old", [False, True], ids=["from the stream", "from the outbox"])
def test_events_of_the_failure_queue_are_given_to_the_consumer_again(
    team: Team, broken_reaction: Broken, day_old: bool
) -> None:
    broken_reaction.mended = True
    team.guest().start()
    clock: dict[str, Any] = {"requestContext": {"condition": "RetriesExhausted"}}
    queue = Queue([a_failed_batch(team), clock], day_old=day_old)
    failures = Failures(queue, "foyer")
    assert failures.waiting() == 2
    assert failures.redeliver() >= 1
    queue.close()
    assert queue.messages == {}
    mine = {row["dynamodb"]["NewImage"]["id"]["S"] for row in team.records()}
    assert len(mine.intersection(broken_reaction.done)) == 1


def test_a_stages_redrive_lists_first_and_tries_again_when_told_to(
    team: Team,
    broken_reaction: Broken,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    give_up(team)
    queue = Queue([], day_old=True)
    monkeypatch.setattr("infra.packaging.redrive.Session", lambda: queue)
    monkeypatch.setattr(redrive, "stack_name", lambda stage: {"test": "foyer"}[stage])
    for name in ("FOYER_TRANSPORT", "FOYER_PREFIX", "AWS_REGION"):
        monkeypatch.setenv(name, "us-east-1" if name == "AWS_REGION" else "")
    assert redrive.main(["--stage", "test"]) == 0
    told = capsys.readouterr().out
    assert "given up" in told
    assert "broken" in told
    assert "RuntimeError('out of order')" in told
    assert [row.tries for row in parking.list_shelf(parking.GIVEN_UP)] == [parking.TRIES]
    assert redrive.main(["--stage", "test", "--yes", "--reaction", "another"]) == 0
    assert len(list(parking.list_shelf(parking.GIVEN_UP))) == 1
    broken_reaction.mended = True
    assert redrive.main(["--stage", "test", "--yes"]) == 0
    assert list(parking.list_shelf(parking.GIVEN_UP)) == []
    with time_machine.travel(instants.now() + timedelta(seconds=1)):
        app.every_minute(schedule_event(), None)
    queue.close()
    assert len(broken_reaction.done) == 1


def test_a_machine_shows_what_was_given_up_and_brings_it_back() -> None:
    with LocalFoyer(env={"FOYER_DEMO": "0"}) as foyer:
        events = foyer.data / "log" / "given-up-events.jsonl"
        events.write_text(json.dumps(a_record()) + "\n" + '{"cut sho')
        page = _get(f"{foyer.local_url}/parked")
        assert "1 events" in page
        assert "form-action 'self'" in page.headers["content-security-policy"]
        assert ApiClient(foyer.url).ask("GET", "/v1/health")["status"] == "ok"
        assert _refusal_status(f"{foyer.local_url}/parked/redrive", "http://evil.example") == 403
        assert _refusal_status(f"{foyer.url}/_local/parked/redrive", None) in (404, 405)
        command = [sys.executable, "-m", "infra.local.stream.redrive"]
        env = {"FOYER_DATA": str(foyer.data), "PATH": ""}
        shown = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=True
        )
        assert "1 events were taken by no run" in shown.stdout
        assert events.read_text()
        done = subprocess.run(
            [*command, "--yes"], cwd=ROOT, env=env,
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert "0 reactions and 1 events were tried again" in done.stdout
        assert events.read_text() == ""


def a_record() -> dict[str, Any]:
    """An event that nobody reacts to any more: the consumer takes it at once."""
    image = {
        "workspace_id": {"S": "ws_1"},
        "id": {"S": "evt_1"},
        "name": {"S": "nothing.happened"},
        "at": {"S": "2026-01-01T00:00:00.000Z"},
        "actor": {"S": "{}"},
        "data": {"S": "{}"},
    }
    return {
        "eventID": "1",
        "eventName": "INSERT",
        "dynamodb": {"SequenceNumber": "1", "NewImage": image},
    }


class _Page(str):
    headers: Any


def _get(url: str) -> _Page:
    with urllib.request.urlopen(url, timeout=20) as answer:
        page = _Page(answer.read().decode())
        page.headers = answer.headers
        return page


def _refusal_status(url: str, origin: str | None) -> int:
    request = urllib.request.Request(url, b"reaction=")
    if origin:
        request.add_header("Origin", origin)
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(request, timeout=20)
    told.value.close()
    return told.value.code

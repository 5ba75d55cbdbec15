"""The outbox's way to its consumer: everything, in order, at least once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.platform.transport import DynamoClient
from infra.local.stream.given_up import GivenUpEvents
from infra.local.stream.poller import BATCH, Poller
from infra.local.stream.records import Stream
from infra.local.testing import Engine, LocalFoyer
from tests.local.conftest import Notes
from tests.local.event_shapes import STREAM_RECORD, differences
from tests.local.serving import ask, until

QUICK = (0.001, 0.002)


class Outbox:
    """A table with a stream, and what a poller hands over of it."""

    def __init__(self, client: DynamoClient, folder: Path) -> None:
        self.client = client
        self.table = f"t{uuid4().hex}"
        self.parked = folder / "parked.jsonl"
        self._checkpoint = folder / "checkpoint.json"
        client.call(
            "CreateTable",
            {
                "TableName": self.table,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
            },
        )

    def write(self, *names: str) -> None:
        for name in names:
            item = {"TableName": self.table, "Item": {"id": {"S": name}}}
            self.client.call("PutItem", item)

    def poller(self, consume: Any, *, tries: int = 3) -> Poller:
        stream = Stream(self.client, self.table, self._checkpoint)
        return Poller(stream, consume, GivenUpEvents(self.parked), tries=tries, back_off=QUICK)

    def given_up(self) -> list[str]:
        return [name_of(record) for record in GivenUpEvents(self.parked).records()]


def name_of(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["Keys"]["id"]["S"])


class Consumer:
    """Takes records; refuses those named `poison…` as told to."""

    def __init__(self, refusal: str = "item") -> None:
        self.taken: list[str] = []
        self.batches: list[list[str]] = []
        self._refusal = refusal

    def __call__(self, event: Mapping[str, Any], _request_id: Any) -> Any:
        names = [name_of(record) for record in event["Records"]]
        self.batches.append(names)
        if self._refusal == "raise" and any(name.startswith("poison") for name in names):
            raise RuntimeError("indigestible")
        for record in event["Records"]:
            if name_of(record).startswith("poison"):
                failed = record["dynamodb"]["SequenceNumber"]
                if self._refusal == "unknown":
                    failed = "no such number"
                return {"batchItemFailures": [{"itemIdentifier": failed}]}
            self.taken.append(name_of(record))
        return {"batchItemFailures": []}


class Events(Stream):
    """A stream that holds one event each for the workspaces that are named; it ends there."""

    def __init__(self, workspaces: list[str]) -> None:
        self.kept = ""
        self._records = [
            {
                "eventID": str(number),
                "dynamodb": {
                    "SequenceNumber": str(number),
                    "Keys": {"workspace_id": {"S": name}, "id": {"S": str(number)}},
                },
            }
            for number, name in enumerate(workspaces)
        ]

    def read(self) -> Iterator[tuple[str, list[Any]]]:
        records, self._records = self._records, []
        if records:
            yield "shard", records

    def keep(self, shard: str, sequence_number: str) -> None:
        self.kept = f"{shard} {sequence_number}"


def whose_of(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["Keys"]["workspace_id"]["S"])


@pytest.fixture(scope="session")
def client() -> Iterator[DynamoClient]:
    with Engine() as engine:
        yield DynamoClient(endpoint=engine.endpoint)


@pytest.fixture
def outbox(client: DynamoClient, tmp_path: Path) -> Outbox:
    return Outbox(client, tmp_path)


def test_records_look_as_lambda_gets_them(outbox: Outbox) -> None:
    seen: list[Any] = []
    outbox.write("one")
    outbox.poller(lambda event, _: seen.extend(event["Records"])).run_once()
    assert [differences(record, STREAM_RECORD) for record in seen] == [[]]
    assert (seen[0]["eventName"], seen[0]["eventSource"]) == ("INSERT", "aws:dynamodb")


def test_everything_comes_once_in_order_and_over_restarts(outbox: Outbox) -> None:
    names = [f"{number:03}" for number in range(250)]
    consumer = Consumer()
    outbox.write(*names[:120])
    outbox.poller(consumer).run_once()
    outbox.write(*names[120:])
    outbox.poller(consumer).run_once()
    outbox.poller(consumer).run_once()
    assert consumer.taken == names
    assert max(map(len, consumer.batches)) <= 100


def test_nobodys_events_wait_behind_the_thousands_of_another() -> None:
    stream = Events(["flood"] * 400 + ["calm", "flood", "calm"] * 2)
    came: list[str] = []

    def consume(event: Mapping[str, Any], _request_id: Any) -> None:
        came.extend(whose_of(record) for record in event["Records"])

    poller = Poller(stream, consume, GivenUpEvents(Path("unused")))
    assert poller.run_once() == 406
    assert Counter(came) == {"flood": 402, "calm": 4}
    assert came.index("calm") <= BATCH
    assert stream.kept == "shard 405"


def test_a_workspace_whose_events_fail_holds_up_no_other_and_keeps_its_order() -> None:
    stream = Events(["stuck", "calm", "stuck", "calm"])
    failing, came = iter([True] * 3), list[str]()
    calm = threading.Event()

    def consume(event: Mapping[str, Any], _request_id: Any) -> None:
        records = event["Records"]
        if whose_of(records[0]) == "stuck":
            assert calm.wait(10)
            if next(failing, False):
                raise RuntimeError("not now")
        came.extend(str(record["dynamodb"]["SequenceNumber"]) for record in records)
        calm.set()

    poller = Poller(stream, consume, GivenUpEvents(Path("unused")), back_off=QUICK)
    poller.start()
    until(lambda: len(came) >= 4)
    poller.stop()
    assert came == ["1", "3", "0", "2"]
    assert stream.kept == "shard 3"


def test_what_was_not_finished_comes_again(outbox: Outbox) -> None:
    class Killed(BaseException):
        """As kill -9: nothing after it runs."""

    def die(_event: Any, _request_id: Any) -> Any:
        raise Killed()

    outbox.write("a", "b")
    with pytest.raises(Killed):
        outbox.poller(die).run_once()
    consumer = Consumer()
    outbox.poller(consumer).run_once()
    assert consumer.taken == ["a", "b"]


@pytest.mark.parametrize("refusal", ["item", "raise", "unknown"])
def test_poison_is_tried_again_then_given_up_and_blocks_nobody(
    outbox: Outbox, refusal: str
) -> None:
    consumer = Consumer(refusal)
    outbox.write("a", "b", "poison", "c", "d")
    outbox.poller(consumer, tries=3).run_once()
    assert list(dict.fromkeys(consumer.taken)) == ["a", "b", "c", "d"], "in order, none missing"
    assert outbox.given_up() == ["poison"]
    tried = [batch for batch in consumer.batches if "poison" in batch]
    assert len(tried) >= 3
    again = Consumer(refusal)
    outbox.poller(again).run_once()
    assert again.batches == [], "what was given up is done with"


def test_what_failed_for_a_while_is_taken_in_the_end(outbox: Outbox) -> None:
    failing = iter([True, True, False])
    taken: list[str] = []

    def consume(event: Mapping[str, Any], _request_id: Any) -> Any:
        if next(failing):
            raise RuntimeError("not now")
        taken.extend(name_of(record) for record in event["Records"])

    outbox.write("a")
    outbox.poller(consume, tries=5).run_once()
    assert (taken, outbox.given_up()) == (["a"], [])


def test_what_can_not_be_kept_when_it_is_given_up_is_tried_on(outbox: Outbox) -> None:
    """As on a full disk. The line that it cut short takes none of those that come after along."""
    outbox.parked.mkdir()
    consumer = Consumer()
    outbox.write("poison", "a")
    poller = outbox.poller(consumer, tries=2)
    poller.start()
    until(lambda: len(consumer.batches) > 8)
    outbox.parked.rmdir()
    outbox.parked.write_text('{"dynamodb": {"Keys": {"id": {"S": "cut"')
    until(lambda: consumer.taken == ["a"])
    poller.stop()
    assert outbox.given_up() == ["poison"]


def test_a_kicked_poller_delivers_within_milliseconds(outbox: Outbox) -> None:
    arrived = threading.Event()
    poller = outbox.poller(lambda *_: arrived.set())
    poller.start()
    waits = []
    for number in range(20):
        time.sleep(0.02)
        arrived.clear()
        outbox.write(str(number))
        began = time.perf_counter()
        poller.kick()
        assert arrived.wait(10)
        waits.append(time.perf_counter() - began)
    poller.stop()
    assert sorted(waits)[len(waits) // 2] < 0.02


def test_a_lost_checkpoint_means_again_not_never(outbox: Outbox, tmp_path: Path) -> None:
    outbox.write("a")
    outbox.poller(Consumer()).run_once()
    (tmp_path / "checkpoint.json").write_text('{"stream": "ano')
    consumer = Consumer()
    outbox.poller(consumer).run_once()
    assert consumer.taken == ["a"]


def test_no_fact_is_lost_when_the_machine_is_killed_again_and_again(
    tiny: tuple[LocalFoyer, Notes],
) -> None:
    foyer, call_notes = tiny
    written = []
    for life in range(3):
        foyer.start()
        for number in range(40):
            name = f"{life}-{number:02}"
            assert ask(foyer.port, "PUT", f"/v1/facts/{name}").status == 200
            written.append(name)
        foyer.kill9()
    foyer.start()

    def delivered_ids() -> list[str]:
        return [name_of(record) for record in call_notes("event")]

    until(lambda: set(delivered_ids()) >= set(written))
    assert list(dict.fromkeys(delivered_ids())) == written, "in the order of writing"

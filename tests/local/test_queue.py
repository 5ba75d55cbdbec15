"""One machine's queues: what waits in them outlives everything and is done once."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.kit import instants
from chalicelib.kit.ids import new_id
from chalicelib.platform import queues
from chalicelib.platform.queues import Message, Queued
from chalicelib.platform.tables import parking
from infra.local.demo.client import ApiClient
from infra.local.stream.queue import AT_ONCE, MOST_TRIES, Queue
from infra.local.testing import LocalFoyer
from tests.local.serving import until

Handed = Mapping[str, Any]


@pytest.fixture
def lane() -> Iterator[str]:
    """A lane of one's own; what is left in it, and was given up of it, goes with it."""
    name = new_id("lane")
    yield name
    for row in Queued.query(name):
        row.delete()
    for parked in parking.list_shelf(parking.GIVEN_UP):
        if parked.subscriber == name:
            parked.delete()


def put(lane: str, *workspaces: str) -> None:
    for number, workspace in enumerate(workspaces):
        queues.put(lane, Message(workspace, f"evt_{number}", lane))


def body_of(event: Handed) -> dict[str, str]:
    (record,) = event["Records"]
    told: dict[str, str] = json.loads(record["body"])
    return told


def test_what_fails_or_raises_comes_again_later_and_what_is_taken_never(lane: str) -> None:
    put(lane, "ws_good", "ws_bad", "ws_ugly")
    came: Counter[str] = Counter()

    def handle(event: Handed, _: Any) -> Any:
        workspace = body_of(event)["workspace_id"]
        came[workspace] += 1
        if workspace == "ws_ugly":
            raise RuntimeError("no")
        failed = [{"itemIdentifier": event["Records"][0]["messageId"]}]
        return {"batchItemFailures": failed if workspace == "ws_bad" else []}

    queue = Queue(lane, handle)
    for _ in range(3):
        queue.run_once()
    assert came == {"ws_good": 1, "ws_bad": 1, "ws_ugly": 1}
    with time_machine.travel(instants.now() + timedelta(minutes=2)):
        queue.run_once()
    assert came == {"ws_good": 1, "ws_bad": 2, "ws_ugly": 2}


def test_what_kills_its_function_each_time_is_given_up_and_kept(lane: str) -> None:
    put(lane, "ws_1")
    tries: list[str] = []

    def handle(event: Handed, _: Any) -> Any:
        tries.append(event["Records"][0]["attributes"]["ApproximateReceiveCount"])
        raise RuntimeError("no memory left")

    began = instants.now()
    for hours in range(0, 24 * 6, 3):
        with time_machine.travel(began + timedelta(hours=hours)):
            Queue(lane, handle).run_once()
    assert tries == [str(number + 1) for number in range(MOST_TRIES)]
    assert list(Queued.query(lane)) == []
    assert [row.subscriber for row in parking.list_shelf(parking.GIVEN_UP)].count(lane) == 1


def test_a_workspace_whose_messages_take_long_keeps_no_other_waiting(lane: str) -> None:
    put(lane, *["ws_slow"] * 50, "ws_quick")
    quick = threading.Event()

    def handle(event: Handed, _: Any) -> Any:
        if body_of(event)["workspace_id"] == "ws_quick":
            quick.set()
        else:
            quick.wait(10)

    queue = Queue(lane, handle)
    queue.start()
    assert quick.wait(5), "it waits behind the fifty of another"
    queue.stop()


def test_no_mail_is_lost_and_none_sent_twice_when_the_machine_is_killed_again_and_again() -> None:
    """But for those at which it was just then: of them nobody knows, and they wait."""
    people: list[str] = []
    with LocalFoyer(env={"FOYER_DEMO": "0", "FOYER_SIGNUP": "open"}) as foyer:

        def sign_up(number: int) -> None:
            body = {
                "email": f"olga{number}@shop.example",
                "password": "correct horse 7",
                "name": "Olga",
                "workspace_name": f"Shop {number}",
            }
            with suppress(OSError):  # it was killed before it answered
                ApiClient(foyer.url).ask("POST", "/v1/auth/signup", body=body)
                people.append(body["email"])

        def sent_counts() -> Counter[str]:
            files = (foyer.data / "mail").glob("*.json")
            return Counter(json.loads(file.read_text())["to"] for file in files)

        lives = 3
        for life in range(lives):
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(sign_up, range(8 * life, 8 * life + 8)))
            foyer.kill9()
            foyer.restart()
        until(lambda: len(set(people) - set(sent_counts())) <= AT_ONCE * lives)
        assert set(sent_counts().values()) == {1}
        assert len(people) == 8 * lives

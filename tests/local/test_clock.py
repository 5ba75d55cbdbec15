"""The schedule and the sweep of expired items."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.platform.transport import DynamoClient
from infra.local.clock import Clock, Sweep
from infra.local.testing import LocalFoyer
from tests.local.conftest import Notes
from tests.local.event_shapes import SCHEDULE, differences
from tests.local.serving import local, until
from tests.local.test_poller import client

__all__ = ["client"]


def test_a_run_that_took_as_long_as_it_may_is_followed_by_another_at_once(
    client: DynamoClient,
) -> None:
    runs: list[float] = []
    third = threading.Event()

    def every_minute(event: Mapping[str, Any], request_id: Any) -> None:
        runs.append(time.monotonic())
        if len(runs) == 3:
            third.set()
        elif len(runs) < 3:
            time.sleep(0.05)

    clock = Clock(every_minute, Sweep(client, {}), lambda: None, full=0.04)
    clock.start()
    assert third.wait(20), "it waits for the next minute although there is something left"
    clock.stop()
    assert len(runs) == 3


@pytest.fixture
def table(client: DynamoClient) -> str:
    """A table whose items expire at `until`; its keys have reserved names on purpose."""
    name = f"t{uuid4().hex}"
    keys = [("hash", "HASH"), ("range", "RANGE")]
    client.call(
        "CreateTable",
        {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n, _ in keys],
            "KeySchema": [{"AttributeName": n, "KeyType": kind} for n, kind in keys],
        },
    )
    return name


def put(client: DynamoClient, table: str, name: str, until: float | None) -> None:
    item: dict[str, Any] = {"hash": {"S": "h"}, "range": {"S": name}}
    if until is not None:
        item["until"] = {"N": str(int(until))}
    client.call("PutItem", {"TableName": table, "Item": item})


def remaining(client: DynamoClient, table: str) -> set[str]:
    items = client.call("Scan", {"TableName": table})["Items"]
    return {item["range"]["S"] for item in items}


def test_expired_items_go_and_all_others_stay(client: DynamoClient, table: str) -> None:
    now = time.time()
    put(client, table, "old", now - 100)
    put(client, table, "young", now + 100)
    put(client, table, "for ever", None)
    assert Sweep(client, {table: "until"}).run() == 1
    assert remaining(client, table) == {"young", "for ever"}


def test_a_big_table_is_swept_bit_by_bit(client: DynamoClient, table: str) -> None:
    for number in range(1200):
        put(client, table, f"{number:04}", time.time() - 100)
    sweep = Sweep(client, {table: "until"}, page=100, pages=5)
    assert [sweep.run() for _ in range(4)] == [500, 500, 200, 0]
    assert remaining(client, table) == set()


def test_an_item_that_is_refreshed_meanwhile_stays(client: DynamoClient, table: str) -> None:
    put(client, table, "busy", time.time() - 100)

    class Refreshing:
        """Refreshes the item between the sweep's look and its deletion."""

        def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
            if operation == "DeleteItem":
                put(client, table, "busy", time.time() + 100)
            return client.call(operation, params)

    assert Sweep(Refreshing(), {table: "until"}).run() == 0
    assert remaining(client, table) == {"busy"}


def test_the_schedule_runs_at_the_start_and_goes_on_after_a_failure(client: DynamoClient) -> None:
    events: list[Any] = []

    def every_minute(event: Mapping[str, Any], _request_id: Any) -> None:
        events.append(event)
        if len(events) == 1:
            raise RuntimeError("once")

    woken: list[bool] = []
    clock = Clock(every_minute, Sweep(client, {}), lambda: woken.append(True))
    clock.start()
    until(lambda: woken)
    clock.fire()
    clock.stop()
    assert [differences(event, SCHEDULE) for event in events] == [[], []]
    assert len(woken) == 2


def test_the_clock_can_be_fired_by_programs_but_not_by_pages(
    tiny: tuple[LocalFoyer, Notes],
) -> None:
    foyer, call_notes = tiny
    foyer.start()
    until(lambda: len(call_notes("schedule")) == 1)
    by_page = local(foyer, "POST", "/clock", {"Origin": "https://a.example"})
    assert (by_page.status, len(call_notes("schedule"))) == (405, 1)
    assert local(foyer, "POST", "/clock").status == 204
    assert len(call_notes("schedule")) == 2

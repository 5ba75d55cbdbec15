"""EventBridge's schedule and DynamoDB's TTL: what happens by itself each minute."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.observability.failures import describe
from infra.local.application import Function
from infra.local.events import schedule_event

log = logging.getLogger("foyer.local")

MINUTE = 60.0
FULL = 45.0
"""A tick stops beginning things after 50 s (`chalicelib.edge.clock.PATIENCE`)."""
_PAGE = 500
_PAGES_A_MINUTE = 10


class Client(Protocol):
    """As much of a DynamoDB client as the sweep needs."""

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Do one operation; raises botocore's ClientError when refused."""


class Clock:
    """Runs `every_minute` at the start of each minute, then the sweep. One run at a time.

    It runs once at the start too, for what fell due while nobody was here, and at once after a run
    that took as long as one may (`full`, in seconds): that one has left something.
    """

    def __init__(
        self,
        every_minute: Function,
        sweep: Sweep,
        wrote: Callable[[], None],
        *,
        full: float = FULL,
    ) -> None:
        self._every_minute = every_minute
        self._sweep = sweep
        self._wrote = wrote
        self._full = full
        self._running = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, within: float = 3.0) -> None:
        self._ending.set()
        self._thread.join(within)

    def fire(self) -> None:
        """Run now, after a run that may be under way; return when done."""
        with self._running:
            event = schedule_event(datetime.now(UTC))
            try:
                self._every_minute(event, event["id"])
            except Exception:  # the edge: a failed run must not stop the next
                log.exception("every_minute failed")
            self._wrote()
            try:
                self._sweep.run()
            except (BotoCoreError, ClientError) as problem:
                log.warning("expired items could not be swept: %s", describe(problem))

    def _run(self) -> None:
        while not self._ending.is_set():
            began = time.monotonic()
            self.fire()
            if time.monotonic() < began + self._full:
                self._ending.wait(MINUTE - time.time() % MINUTE)


class Sweep:
    """Deletes expired items, which dynoxide keeps for ever, some pages of each table a minute.

    As DynamoDB's own TTL: late, in the background, and never an item that was refreshed meanwhile.
    """

    def __init__(
        self,
        client: Client,
        ttl_attributes: Mapping[str, str],
        *,
        page: int = _PAGE,
        pages: int = _PAGES_A_MINUTE,
    ) -> None:
        self._client = client
        self._page_size = page
        self._pages = pages
        self._ttl_attributes = ttl_attributes
        self._keys: dict[str, list[str]] = {}
        self._places: dict[str, Any] = {}

    def run(self) -> int:
        """Sweep on from where the last run came to; how many items went."""
        return sum(self._sweep(*each) for each in self._ttl_attributes.items())

    def _sweep(self, table: str, attribute: str) -> int:
        if table not in self._keys:  # once: to describe a table, the engine counts all its items
            described = self._client.call("DescribeTable", {"TableName": table})["Table"]
            self._keys[table] = [key["AttributeName"] for key in described["KeySchema"]]
        keys = self._keys[table]
        count = 0
        for _ in range(self._pages):
            page = self._page(table, attribute, keys)
            count += sum(self._delete(table, attribute, keys, item) for item in page)
            if self._places.get(table) is None:
                break
        return count

    def _page(self, table: str, attribute: str, keys: list[str]) -> list[dict[str, Any]]:
        names = {f"#k{place}": key for place, key in enumerate(keys)}
        params: dict[str, Any] = {
            "TableName": table,
            "Limit": self._page_size,
            "ProjectionExpression": ", ".join(names),
            "FilterExpression": "#ttl < :now",
            "ExpressionAttributeNames": {**names, "#ttl": attribute},
            "ExpressionAttributeValues": {":now": {"N": str(int(time.time()))}},
        }
        if place := self._places.get(table):
            params["ExclusiveStartKey"] = place
        answer = self._client.call("Scan", params)
        self._places[table] = answer.get("LastEvaluatedKey")
        items: list[dict[str, Any]] = answer["Items"]
        return items

    def _delete(self, table: str, attribute: str, keys: list[str], item: dict[str, Any]) -> bool:
        with suppress(ClientError):  # refreshed, or gone already
            self._client.call(
                "DeleteItem",
                {
                    "TableName": table,
                    "Key": {key: item[key] for key in keys},
                    "ConditionExpression": "#ttl < :now",
                    "ExpressionAttributeNames": {"#ttl": attribute},
                    "ExpressionAttributeValues": {":now": {"N": str(int(time.time()))}},
                },
            )
            return True
        return False

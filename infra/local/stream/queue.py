"""The event source mapping of one lane's queue: its messages to the application, as SQS sends them.

Messages are rows of the engine's (`platform.queues`), written before whoever sends them goes on
and removed once they are done with, so what kills the machine loses none; some come twice then.
Workspaces take turns. What fails comes again as late as the application would have it in SQS, and
after more tries than it makes itself it is given up here: something kills the process.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import msgspec
from pynamodb.exceptions import PynamoDBException

from chalicelib.kit import instants
from chalicelib.platform import queues
from chalicelib.platform.queues import Queued
from chalicelib.platform.tables import parking
from infra.local.application import Function
from infra.local.events import new_request_id, queue_event
from infra.local.gateway.lanes import Lanes

log = logging.getLogger("foyer.local")

TABLES = Path(__file__).resolve().parents[1] / "tables.yaml"
AT_ONCE = 4
"""Messages of a lane that are handled at a time, of different workspaces."""
MOST_TRIES = parking.TRIES + 3
"""As `maxReceiveCount` of a lane's queue (infra/packaging/lanes.py)."""
_READ = 2000
_RESTING = 5.0
"""Seconds between looks that nobody asked for: for what rested."""


class Queue:
    """Feeds one lane to its function, in threads of its own. `kick` when something may be new."""

    def __init__(self, lane: str, handle: Function) -> None:
        self._lane = lane
        self._handle = handle
        self._in_hand: set[str] = set()
        self._kicked = threading.Event()
        self._ending = threading.Event()
        self._lanes: Lanes[Queued] = Lanes(at_once=1)
        works = [self._run, *(self._work for _ in range(AT_ONCE))]
        self._threads = [
            threading.Thread(target=work, name=f"queue-{lane}", daemon=True) for work in works
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def kick(self) -> None:
        """Look now. Cheap, and callable from any thread."""
        if not self._kicked.is_set():
            self._kicked.set()

    def stop(self, *, within: float = 3.0) -> None:
        """End after the messages in hand."""
        self._ending.set()
        self._kicked.set()
        self._lanes.end(AT_ONCE)
        for thread in self._threads:
            thread.join(within)

    def run_once(self) -> int:
        """Handle what is due now, in this thread; how many messages that was."""
        count = self._read()
        while self._work_once(wait=False):
            pass
        return count

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._read()
            except PynamoDBException as problem:
                log.warning("the queue %s can't be read: %s", self._lane, problem)
            self._kicked.wait(_RESTING)
            self._kicked.clear()

    def _read(self) -> int:
        """Hand on what is due; what is in hand already isn't again."""
        until = Queued.id <= f"{instants.to_text(instants.now())}~"
        in_hand = set(self._in_hand)  # as of before the look: what ends meanwhile is seen, too
        rows = [
            row
            for row in Queued.query(self._lane, until, consistent_read=True, limit=_READ)
            if row.id not in in_hand
        ]
        for row in rows:
            self._in_hand.add(row.id)
            self._lanes.put(row.workspace_id, row)
        return len(rows)

    def _work(self) -> None:
        while self._work_once(wait=True):
            pass

    def _work_once(self, *, wait: bool) -> bool:
        taken = self._lanes.take(wait=wait)
        if taken is None or self._ending.is_set():
            return False
        workspace, row = taken
        try:
            self._deliver(row)
        except PynamoDBException as problem:  # it stands where it stood, and comes again
            log.warning("a message of %s could not be moved: %s", self._lane, problem)
        finally:
            self._in_hand.discard(row.id)
            self._lanes.done(workspace)
        return True

    def _deliver(self, row: Queued) -> None:
        """Count the try before it is made: what dies of it isn't tried for ever."""
        row.tries = int(row.tries) + 1
        row.save()
        if self._is_taken(row):
            row.delete()
        elif row.tries >= MOST_TRIES:
            _give_up(row)
            row.delete()
        else:
            later = instants.now() + parking.wait_before(int(row.tries) - 1)
            queues.row_of(self._lane, queues.message_of(row), later, int(row.tries)).save()
            row.delete()

    def _is_taken(self, row: Queued) -> bool:
        try:
            answer = self._handle(_event(self._lane, row), new_request_id())
        except Exception:  # the edge: SQS brings it again, whatever was raised
            log.exception("the function of %s failed", self._lane)
            return False
        return not (answer or {}).get("batchItemFailures")


def _event(lane: str, row: Queued) -> dict[str, Any]:
    body = msgspec.json.encode(queues.message_of(row)).decode()
    return queue_event(lane, row.id, body, int(row.tries), group=row.workspace_id)


def _give_up(row: Queued) -> None:
    message = queues.message_of(row)
    event = queues.find_event(message) or queues.unknown_event(message)
    parking.give_up(event, row.reaction, "the function ended in the middle of each try")

"""The stream's event source mapping: the outbox's records to `consume_outbox`, the batches of each
workspace one after the other, several workspaces at a time and taking turns, so that nobody's
events wait behind the thousands of another. (In a batch only each entity's events keep their order,
and on AWS none do: docs/decisions/0021-events-keep-up.md.)

At least once: the checkpoint moves on over what is done and has nothing undone before it, so a run
that is killed brings again what it had in hand, and none is lost. A batch that fails is tried again
from the first record that failed; a whole batch that fails is halved until the culprit stands
alone. A record that keeps failing for some minutes is kept in a file, as Lambda would send it to
the failure queue, and the stream goes on; `make redrive` brings it back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.observability.failures import describe
from infra.local.application import Function
from infra.local.events import new_request_id
from infra.local.gateway.lanes import Lanes
from infra.local.stream.given_up import GivenUpEvents
from infra.local.stream.lateness import Lateness
from infra.local.stream.progress import Progress
from infra.local.stream.records import Record, Stream

log = logging.getLogger("foyer.local")

BATCH = 20
"""Records of one workspace that are handed over together: then it is somebody else's turn."""
AT_ONCE = 4
"""Workspaces whose events are delivered at a time. Lambda has its parallelisation factor for it."""
TRIES = 40
_MOST_UNDONE = 5_000
_BACK_OFF = (0.05, 5.0)
_RESTING = (0.005, 0.5)
_RESTING_GROWS = 8
"""Shortest and longest pause, in seconds, between reads that nobody asked for, and how they grow:
once soon for what a reaction may have written, then seldom."""
_GATHERING = (0.001, 0.005)
"""Seconds to let writes gather before reading: when it is quiet, and when events come in crowds,
for each read costs the engine about as much as a write."""
_CROWD = 3


class Poller:
    """Feeds one stream to one function, in threads of its own.

    Idle it asks twice a second; `kick` (after anything that may have written) makes it ask at once,
    and events that bring about events are found within some milliseconds.
    """

    def __init__(
        self,
        stream: Stream,
        consume: Function,
        given_up: GivenUpEvents,
        *,
        tries: int = TRIES,
        back_off: tuple[float, float] = _BACK_OFF,
    ) -> None:
        self._stream = stream
        self._consume = consume
        self._given_up = given_up
        self._tries = tries
        self._back_off = back_off
        self._failures: dict[str, int] = {}
        self._kicked = threading.Event()
        self._ending = threading.Event()
        self._lanes: Lanes[tuple[float, str, list[Record]]] = Lanes(at_once=1)
        self._late = Lateness()
        self._progress = Progress()
        self._keeping = threading.Lock()
        works = [(self._run, "poller"), *((self._work, f"poller-{n}") for n in range(AT_ONCE))]
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True) for work, name in works
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def kick(self) -> None:
        """Something may have been written: look now. Cheap, and callable from any thread."""
        if not self._kicked.is_set():
            self._kicked.set()

    def late(self) -> float:
        """How many seconds after it was read the last event was done with. See `Lateness`."""
        return self._late.seconds()

    def stop(self, *, within: float = 3.0) -> None:
        """End after the batches in hand."""
        self._ending.set()
        self._kicked.set()
        self._lanes.end(AT_ONCE)
        ends = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))

    def run_once(self) -> int:
        """Take what the stream holds now, in this thread; how many records there were."""
        count = self._read()
        while self._work_once(wait=False):
            pass
        return count

    def _run(self) -> None:
        shortest, longest = _RESTING
        pause = shortest
        while not self._ending.is_set():
            try:
                count = self._read()
            except (BotoCoreError, ClientError) as problem:
                log.warning("the outbox's stream can't be read: %s", describe(problem))
                count, pause = 0, longest
            pause = shortest if count else min(longest, pause * _RESTING_GROWS)
            if self._kicked.wait(pause):
                self._ending.wait(_GATHERING[count >= _CROWD])
                self._kicked.clear()
                pause = shortest

    def _read(self) -> int:
        """Hand on what the stream holds now; nothing while much is undone."""
        count = 0
        if self._progress.undone > _MOST_UNDONE:
            return count
        for shard, records in self._stream.read():
            now = time.monotonic()
            with self._keeping:
                self._progress.begin(shard, [_number(record) for record in records])
            count += len(records)
            lanes: dict[str, list[Record]] = {}
            for record in records:
                lanes.setdefault(_lane(record), []).append(record)
            for lane, waiting in lanes.items():
                for start in range(0, len(waiting), BATCH):
                    self._lanes.put(lane, (now, shard, waiting[start : start + BATCH]))
        return count

    def _work(self) -> None:
        while self._work_once(wait=True):
            # What they have brought about is to be found soon.
            self.kick()

    def _work_once(self, *, wait: bool) -> bool:
        """Deliver one batch; False when there is none, or no time for it."""
        taken = self._lanes.take(wait=wait)
        if taken is None or self._ending.is_set():
            return False
        lane, (read_at, shard, records) = taken
        try:
            if self._deliver(shard, records):
                self._late.note(time.monotonic() - read_at)
        finally:
            self._lanes.done(lane)
        return True

    def _deliver(self, shard: str, records: list[Record]) -> bool:
        """Hand over until all is done; whether nothing had to be tried again."""
        size, smoothly = len(records), True
        while records and not self._ending.is_set():
            batch = records[:size]
            taken = self._attempt(batch)
            if taken < len(batch):
                smoothly = False
                # A batch that failed as a whole says nothing of who it was: ask in halves.
                size = max(1, len(batch) // 2) if taken == 0 else 1
                if taken > 0 or len(batch) == 1:
                    taken += self._count_failure(batch[taken], _number(batch[taken]))
            else:
                size = min(BATCH, size * 2)
            if taken:
                self._keep(shard, records[:taken])
                records = records[taken:]
        return smoothly

    def _keep(self, shard: str, done: list[Record]) -> None:
        with self._keeping:
            reached = self._progress.end(shard, [_number(record) for record in done])
            try:
                if reached is not None:
                    self._stream.keep(shard, reached)
            except OSError as problem:  # a full disk, say: after a restart these come again
                log.warning("the place in the outbox's stream was not kept: %s", describe(problem))

    def _attempt(self, batch: list[Record]) -> int:
        """Hand over a batch; how many records from its start were taken."""
        try:
            answer = self._consume({"Records": batch}, new_request_id())
        except Exception:  # the edge: Lambda tries again whatever was raised
            log.exception("consume_outbox failed on a batch of %d", len(batch))
            return 0
        return _first_failure(answer, batch)

    def _count_failure(self, record: Record, culprit: str) -> int:
        """Wait before another try; after the last, park the record: then 1 is done with."""
        failures = self._failures.get(culprit, 0) + 1
        if failures >= self._tries and self._is_parked(record):
            self._failures.pop(culprit, None)
            return 1
        self._failures[culprit] = failures
        first, longest = self._back_off
        self._ending.wait(min(longest, first * 2.0 ** (failures - 1)))
        return 0

    def _is_parked(self, record: Record) -> bool:
        """False where it can't be kept, on a full disk, say: then it is tried on, and not lost."""
        try:
            self._given_up.keep(record)
        except OSError as problem:
            log.warning("event %s can't be given up: %s", record["eventID"], describe(problem))
            return False
        log.error("event %s was given up after %d tries", record["eventID"], self._tries)
        return True


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _lane(record: Record) -> str:
    """Whose batches keep their order; those of tables without workspaces all do."""
    key = record["dynamodb"]["Keys"].get("workspace_id", {})
    return str(key.get("S", ""))


def _first_failure(answer: Any, batch: list[Record]) -> int:
    """Lambda's reading of a partial batch answer: everything from the first failure is retried.

    An answer that names no record of the batch counts as a failure of all of it.
    """
    failures = answer.get("batchItemFailures") if isinstance(answer, Mapping) else None
    if not failures:
        return len(batch)
    places = {_number(record): place for place, record in enumerate(batch)}
    return min(places.get(failure.get("itemIdentifier"), 0) for failure in failures)

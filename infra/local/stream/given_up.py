"""Events that no run of the consumer took, kept in a file until somebody asks for them again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Consume = Callable[[Record, str], Any]


class GivenUpEvents:
    """The file: one stream record a line. Safe to share among threads of this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()

    def keep(self, record: Record) -> None:
        """Add one. A line of its own, also behind one that was cut short.

        Raises:
            OSError: It can't be written.
        """
        with self._writing, self._path.open("a") as file:
            file.write("\n" + json.dumps(record, default=repr) + "\n")

    def records(self) -> list[Record]:
        """What is kept; a line that a crash cut short is none."""
        try:
            lines = self._path.read_text().splitlines()
        except FileNotFoundError:
            return []
        return [record for line in lines if (record := _read(line)) is not None]

    def redeliver(self, consume: Consume) -> int:
        """Give each to the consumer again; those that it takes are kept no more. How many it took.

        `consume` is the application's own, called with an event and a request id.
        """
        with self._writing:
            remaining = [record for record in self.records() if not _is_taken(consume, record)]
            taken = len(self.records()) - len(remaining)
            beside = self._path.with_suffix(".new")
            beside.write_text("".join(json.dumps(record) + "\n" for record in remaining))
            beside.replace(self._path)
        return taken


def _is_taken(consume: Consume, record: Record) -> bool:
    try:
        answer = consume({"Records": [record]}, str(record.get("eventID", "redrive")))
    except Exception:  # the edge: whatever it is, the record is kept
        return False
    return not (answer or {}).get("batchItemFailures")


def _read(line: str) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None

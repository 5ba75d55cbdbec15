"""Warm processes of the stream's consumer, which the benches let work beside each other."""

from __future__ import annotations

import json
import subprocess
import sys
from resource import RUSAGE_SELF, getrusage
from typing import Any

import app


class Invocation:
    """One of them; it has the environment of whoever makes it, and logs to the same place."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.invocation"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=sys.stderr, text=True
        )
        self.begin([])
        self.end()

    def begin(self, records: list[dict[str, Any]]) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(records) + "\n")
            self._process.stdin.flush()

    def end(self) -> float:
        """Seconds of CPU that it took."""
        return float(self._process.stdout.readline()) if self._process.stdout else 0.0

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def main() -> None:
    """An invocation a line of records, until the end of the input."""
    for line in sys.stdin:
        spent = getrusage(RUSAGE_SELF).ru_utime
        app.consume_outbox({"Records": json.loads(line)}, None)
        print(getrusage(RUSAGE_SELF).ru_utime - spent, flush=True)


if __name__ == "__main__":
    main()

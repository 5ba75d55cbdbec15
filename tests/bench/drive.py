"""The driver, a process of its own: requests over kept-alive connections, as fast as answered.

    python -m tests.bench.drive < plan.json > result.json

A plan is {"host", "port", "clients", "seconds", "requests": [text, …]}: each client sends the
next request as soon as it has its answer; the requests are used in turn, each at most once if
`once` is true. The result is {"seconds", "statuses": {code: count}, "latencies": [s, …]}.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter
from typing import Any

try:
    import uvloop
except ImportError:  # there is none for every platform
    uvloop = None  # type: ignore[assignment]


class Run:
    """What the clients share."""

    def __init__(self, requests: list[bytes], *, once: bool, seconds: float) -> None:
        self.requests: Iterator[bytes] = iter(requests) if once else cycle(requests)
        self.began = perf_counter()
        self.ends = self.began + seconds
        self.latencies: list[float] = []
        self.statuses: Counter[str] = Counter()


class Client(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, run: Run) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._run = run
        self._buffer = b""
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        place = head.index(b"content-length:") + 15
        length = int(head[place:].partition(b"\r\n")[0])
        if len(self._buffer) < end + 4 + length:
            return
        self._run.latencies.append(perf_counter() - self._sent)
        self._run.statuses[head[9:12].decode()] += 1
        self._buffer = b""
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionResetError("closed by the server"))

    def _send(self) -> None:
        request = next(self._run.requests, None)
        if self._transport is None or request is None or perf_counter() >= self._run.ends:
            if not self.done.done():
                self.done.set_result(None)
            return
        self._sent = perf_counter()
        self._transport.write(request)


async def drive(plan: dict[str, Any]) -> dict[str, Any]:
    """Carry out a plan."""
    loop = asyncio.get_running_loop()
    requests = [text.encode() for text in plan["requests"]]
    run = Run(requests, once=plan["once"], seconds=plan["seconds"])
    clients = [
        (await loop.create_connection(lambda: Client(run), plan["host"], plan["port"]))[1]
        for _ in range(plan["clients"])
    ]
    await asyncio.gather(*(client.done for client in clients))
    return {
        "seconds": perf_counter() - run.began,
        "statuses": dict(run.statuses),
        "latencies": run.latencies,
    }


def main() -> None:
    plan = json.load(sys.stdin)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
        json.dump(runner.run(drive(plan)), sys.stdout)


if __name__ == "__main__":
    main()

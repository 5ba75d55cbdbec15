"""A bad day for the engine: a proxy before it that refuses, cuts, or loses answers as told.

with Faults() as faults:                       # nothing goes wrong yet
    faults.plan(lose, "UpdateItem")            # the next UpdateItem is done, its answer lost
    faults.plan(throttle, "PutItem", table="attempts", times=99)
    faults.rain(0.2, seed=1)                   # one request in five goes wrong, by chance
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

ENDPOINT = "FOYER_DYNAMODB_ENDPOINT"
FOR_EVER = 1_000_000


@dataclass(frozen=True)
class Fault:
    """What happens instead of an answer. `passed`: the engine has done it before, or does it so
    many seconds `late`r."""

    status: int | None = None
    code: str = ""
    passed: bool = False
    late: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        said = {"__type": f"com.amazonaws#{self.code}", "message": "not now"} if self.code else {}
        return {**said, **self.details}


cut = Fault()
"""The connection breaks; the engine never saw the request."""
lose = Fault(passed=True)
"""The engine does it, and its answer is lost."""
linger = Fault(passed=True, late=0.15)
"""The connection breaks, and the engine does it all the same, a while later."""
throttle = Fault(400, "ThrottlingException")
fail = Fault(500, "InternalServerError")
fail_after = Fault(500, "InternalServerError", passed=True)
"""The engine does it, and says that it failed."""
forbid = Fault(400, "AccessDeniedException")
empty = Fault(200, details={"Items": [], "Count": 0, "ScannedCount": 0})
"""A query that finds nothing: an index that doesn't know yet."""
contend = Fault(400, "TransactionConflictException")


_RAIN = (cut, lose, throttle, fail, fail_after)


@dataclass
class _Plan:
    fault: Fault
    operation: str | None
    when: Callable[[dict[str, Any]], bool]
    table: str | None
    left: int
    skip: int


class Faults:
    """Stands between this process and its engine while it is entered. For one test at a time.

    With `engine` it stands before that one instead, at `endpoint`.
    """

    def __init__(self, engine: str | None = None) -> None:
        self.endpoint = ""
        self._own = engine is None
        self.seen: list[str] = []
        """The operations that arrived, in order, repetitions included."""
        self._plans: list[_Plan] = []
        self._lock = threading.Lock()
        self._engine = engine or ""
        self._chance = 0.0
        self._dice = random.Random()
        self._server: ThreadingHTTPServer | None = None

    def plan(
        self,
        fault: Fault,
        operation: str | None = None,
        *,
        table: str | None = None,
        times: int = 1,
        skip: int = 0,
        when: Callable[[dict[str, Any]], bool] = bool,
    ) -> None:
        """Let the next `times` matching requests go wrong, after `skip` that go well.

        `table` is a table's name without its prefix, found in batches and transactions as well.
        """
        with self._lock:
            self._plans.append(_Plan(fault, operation, when, table, times, skip))

    def rain(self, chance: float, seed: int) -> None:
        """Let any request go wrong with this chance, in any way that passes."""
        with self._lock:
            self._chance, self._dice = chance, random.Random(seed)

    def clear(self) -> None:
        """From now on all goes well."""
        with self._lock:
            self._plans.clear()
            self._chance = 0.0

    def __enter__(self) -> Self:
        if self._own:
            self._engine = os.environ[ENDPOINT]
        engine = urlsplit(self._engine)
        faults = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fault = faults._next(self.headers["X-Amz-Target"].rpartition(".")[2], body)
                if fault is not None and fault.late:
                    threading.Timer(fault.late, self._passed_on, (body,)).start()
                elif fault is None or fault.passed:
                    status, headers, answer = self._passed_on(body)
                if fault is None:
                    self._answer(status, answer, headers)
                elif fault.status is None:
                    self.close_connection = True
                else:
                    self._answer(fault.status, json.dumps(fault.body).encode(), {})

            def _passed_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
                connection = http.client.HTTPConnection(str(engine.hostname), engine.port)
                try:
                    connection.request("POST", "/", body, dict(self.headers.items()))
                    response = connection.getresponse()
                    return response.status, dict(response.headers.items()), response.read()
                finally:
                    connection.close()

            def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response_only(status)
                for name, value in headers.items():
                    if name.lower().startswith(("x-amz", "content-type")):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"
        if self._own:
            os.environ[ENDPOINT] = self.endpoint
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._own:
            os.environ[ENDPOINT] = self._engine
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _next(self, operation: str, body: bytes) -> Fault | None:
        with self._lock:
            self.seen.append(operation)
            for plan in self._plans:
                if not plan.left or plan.operation not in (None, operation):
                    continue
                if plan.table is not None and f'-{plan.table}"' not in body.decode():
                    continue
                if not plan.when(json.loads(body)):
                    continue
                if plan.skip:
                    plan.skip -= 1
                    continue
                plan.left -= 1
                return plan.fault
            if self._dice.random() < self._chance:
                return self._dice.choice(_RAIN)
        return None

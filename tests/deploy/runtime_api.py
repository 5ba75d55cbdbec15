"""Lambda's Runtime API, and a function that runs under it as it does in Lambda.

docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html: the runtime client asks for the next event,
runs the handler, posts the answer. The client is AWS's own (`awslambdaric`); only the service that
it talks to is ours.
"""

from __future__ import annotations

import json
import queue
import resource
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.deploy.interpreters import clean_python, runtime_client

_ANSWERS_WITHIN = 30.0
_END = object()


class FunctionFailed(Exception):
    """The function raised, or did not start; the message is what it reported."""


@dataclass(slots=True)
class Function:
    """A running function: one process, one event at a time."""

    log: Path
    service: _Service

    def invoke(self, event: object) -> Any:
        """The handler's answer to `event`.

        Raises:
            FunctionFailed: It raised, could not be imported, or said nothing for 30 s.
        """
        self.service.events.put(event)
        try:
            succeeded, answer = self.service.answers.get(timeout=_ANSWERS_WITHIN)
        except queue.Empty:
            raise FunctionFailed(f"no answer\n{self.log.read_text()}") from None
        if not succeeded:
            raise FunctionFailed(f"{answer}\n{self.log.read_text()}")
        return answer


@contextmanager
def running(
    handler: str, code: Path, environment: Mapping[str, str], log: Path
) -> Iterator[Function]:
    """Run `handler` (`module.name`) of the code in `code`, with its output in `log`."""
    service = _Service()
    threading.Thread(target=service.serve_forever, daemon=True).start()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(clean_python()), "-m", "awslambdaric", handler],
            cwd=code,
            env=_environment(handler, code, service.server_port, environment),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Function(log, service)
    finally:
        process.kill()
        process.wait()
        service.end()


@dataclass(frozen=True, slots=True)
class ColdStart:
    """From the start of a fresh process to its first answer, in seconds: by the clock, and of CPU.

    The CPU's share says what the function costs however busy the machine is.
    """

    clock: float
    cpu: float


def cold_start(
    handler: str, code: Path, environment: Mapping[str, str], event: object
) -> ColdStart:
    """How long a fresh process of `handler` takes to answer `event`."""
    log = code.parent / f"cold-{handler}.log"
    cpu_before, began = _cpu_of_children(), time.perf_counter()
    with running(handler, code, environment, log) as function:
        function.invoke(event)
        clock = time.perf_counter() - began
    return ColdStart(clock, _cpu_of_children() - cpu_before)


def _cpu_of_children() -> float:
    """CPU seconds of every child that has ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment(handler: str, code: Path, port: int, ours: Mapping[str, str]) -> dict[str, str]:
    """What Lambda sets, what the template sets, and nothing of this machine's."""
    return {
        "_HANDLER": handler,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_NAME": f"foyer-{handler.rpartition('.')[2]}",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "LAMBDA_TASK_ROOT": str(code),
        "LANG": "en_US.UTF-8",
        "PYTHONPATH": f"{code}:{runtime_client()}",
        "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's disk is read-only
        "PYTHONTZPATH": "",  # and has no time zones
        "TZ": ":UTC",
        **ours,
    }


class _Service(ThreadingHTTPServer):
    """The service's side: events that wait for the function, answers that wait for the test."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: queue.Queue[object] = queue.Queue()
        self.answers: queue.Queue[tuple[bool, Any]] = queue.Queue()

    def end(self) -> None:
        """Let go of a client that waits for its next event, and close."""
        self.events.put(_END)
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a function that is killed breaks its connection."""


class _Handler(BaseHTTPRequestHandler):
    """One request of the runtime client."""

    protocol_version = "HTTP/1.1"
    server: _Service

    def do_GET(self) -> None:
        """The next event; waits for one."""
        event = self.server.events.get()
        if event is _END:
            self.close_connection = True
            return
        body = json.dumps(event).encode()
        deadline = int((time.time() + _ANSWERS_WITHIN) * 1000)
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", str(uuid.uuid4()))
        self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:0:f")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """An answer or an error."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.answers.put((self.path.endswith("/response"), body))

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the test tells what went wrong."""

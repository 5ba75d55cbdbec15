"""As much of SQS as functions ask of it: messages are kept until the test hands them on."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/000000000000/foyer-"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, the lane whose queue it was sent to, and its group."""

    lane: str
    body: str
    group: str


class Queues(ThreadingHTTPServer):
    """Listens on loopback; `sent` are the messages that nobody has taken yet."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: deque[Sent] = deque()

    @property
    def base(self) -> str:
        """What a function is given as FOYER_QUEUES."""
        return f"http://127.0.0.1:{self.server_port}{PATH}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a function that is killed breaks its connection."""


@contextmanager
def queueing() -> Iterator[Queues]:
    """Queues that listen."""
    queues = Queues()
    threading.Thread(target=queues.serve_forever, daemon=True).start()
    try:
        yield queues
    finally:
        queues.shutdown()
        queues.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One request of SQS's API in JSON: a POST to /."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Queues

    def do_POST(self) -> None:
        """Keep what is sent; what rests needs nothing done here."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = {}
        if self.headers["X-Amz-Target"] == "AmazonSQS.SendMessage":
            lane = body["QueueUrl"].partition(PATH)[2]
            self.server.sent.append(Sent(lane, body["MessageBody"], body["MessageGroupId"]))
            digest = hashlib.md5(body["MessageBody"].encode(), usedforsecurity=False)
            told = {"MessageId": "1", "MD5OfMessageBody": digest.hexdigest()}
        answer = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the messages are what counts."""

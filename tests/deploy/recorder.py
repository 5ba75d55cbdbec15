"""A door in front of DynamoDB that notes who does what to which table."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# An action of IAM on a table, or on an index of it: ("dynamodb:Query", "messages/by_seq").
Deed = tuple[str, str]

_IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


class Recorder(ThreadingHTTPServer):
    """Passes requests on to `engine` (an http:// address) and keeps the deeds they ask for."""

    daemon_threads = True

    def __init__(self, engine: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.engine = urlsplit(engine).netloc
        self.deeds: set[Deed] = set()

    @property
    def endpoint(self) -> str:
        """The address that a function is given for DynamoDB's."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a function that is killed breaks its connection."""


@contextmanager
def recording(engine: str) -> Iterator[Recorder]:
    """A recorder that listens."""
    recorder = Recorder(engine)
    threading.Thread(target=recorder.serve_forever, daemon=True).start()
    try:
        yield recorder
    finally:
        recorder.shutdown()
        recorder.server_close()


def deeds(operation: str, body: dict[str, Any]) -> set[Deed]:
    """What IAM is asked for when a request of DynamoDB's API arrives."""
    if operation in {"TransactWriteItems", "TransactGetItems"}:
        return {
            (f"dynamodb:{_IN_TRANSACTION[kind]}", item["TableName"])
            for entry in body["TransactItems"]
            for kind, item in entry.items()
        }
    if operation in {"BatchGetItem", "BatchWriteItem"}:
        return {(f"dynamodb:{operation}", table) for table in body["RequestItems"]}
    index = f"/{body['IndexName']}" if "IndexName" in body else ""
    return {(f"dynamodb:{operation}", body["TableName"] + index)}


class _Handler(BaseHTTPRequestHandler):
    """One request of DynamoDB's API: always a POST to /."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Recorder

    def do_POST(self) -> None:
        """Note it and pass it on."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        self.server.deeds |= deeds(operation, json.loads(body))
        connection = http.client.HTTPConnection(self.server.engine, timeout=30)
        try:
            connection.request("POST", "/", body, dict(self.headers))
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"connection", "content-length", "date", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the deeds are what counts."""

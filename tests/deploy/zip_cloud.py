"""The zip in Lambda's runtime client, one process per function, with AWS's part played here."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3

from chalicelib.platform import transport
from infra.local import events
from infra.local.gateway.routes import Routes
from infra.local.stream.records import Stream
from tests.deploy.browser import Answer
from tests.deploy.clouds import WITHIN, Tables, token_in
from tests.deploy.queues import Queues, queueing
from tests.deploy.recorder import Recorder, recording
from tests.deploy.runtime_api import Function, running
from tests.support.sockets import Management

# Chalice's name of each function → its handler in the zip.
HANDLERS = {
    "api_handler": "app.app",
    "websocket_connect": "app.connect",
    "websocket_message": "app.message",
    "websocket_disconnect": "chalicelib.closing.handle",
    "consume_outbox": "app.consume_outbox",
    "mail_lane": "chalicelib.queues.handle",
    "every_minute": "app.every_minute",
}


@dataclass(slots=True)
class ZipCloud:
    """Functions in processes of their own, an engine in memory, a management API for sockets.

    `gone_through` names the scenarios that its recorders have seen.
    """

    functions: Mapping[str, Function]
    recorders: Mapping[str, Recorder]
    management: Management
    mail: Path
    routes: Routes
    stream: Stream
    queues: Queues
    gone_through: set[str] = field(default_factory=set)

    def ask(
        self, method: str, path: str, body: object = None, token: str = "", **headers: str
    ) -> Answer:
        """An HTTP request, as API Gateway passes it on."""
        url = urlsplit(path)
        match = self.routes.match(url.path)
        assert match is not None, path
        sent = [(b"Host", b"site.test"), (b"Content-Type", b"application/json")]
        if token:
            sent.append((b"Authorization", f"Bearer {token}".encode()))
        sent += [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        event = events.rest_event(
            method=method,
            path=url.path,
            match=match,
            query=url.query.encode(),
            headers=sent,
            body=b"" if body is None else json.dumps(body).encode(),
            binary=False,
            source_ip="203.0.113.7",
            port=443,
        )
        told = self.functions["api_handler"].invoke(event)
        names = {name.lower(): str(value) for name, value in told["headers"].items()}
        return Answer(told["statusCode"], names, told["body"].encode())

    def socket(self, ticket: str) -> ZipSocket | None:
        """A socket of the management API."""
        connection = events.new_connection("203.0.113.7", "test", "socket.test")
        self.management.open.add(connection["connectionId"])
        query = urlencode({"ticket": ticket}).encode()
        event = events.connect_event(connection, [(b"Host", b"socket.test")], query, 443)
        told = self.functions["websocket_connect"].invoke(event)
        if told["statusCode"] != 200:
            self.management.open.discard(connection["connectionId"])
            return None
        return ZipSocket(self, connection)

    def minute(self) -> None:
        """What EventBridge sends, when the stream has been followed so far."""
        self.pump()
        time.sleep(0.2)
        self.functions["every_minute"].invoke(events.schedule_event(datetime.now(UTC)))

    @property
    def tables(self) -> Tables:
        """The engine's tables."""
        session: Any = boto3.Session()
        engine = os.environ["FOYER_DYNAMODB_ENDPOINT"]
        return Tables(session.client("dynamodb", endpoint_url=engine), "foyer")

    def mail_to(self, address: str, page: str) -> str:
        """Mails are files here."""
        self.pump()
        for path in self.mail.glob("*.json"):
            mail = json.loads(path.read_text(encoding="utf-8"))
            if mail["to"] == address and (token := token_in(mail["text"], page)):
                return token
        raise AssertionError(f"no mail to {address} about {page}")

    def pump(self) -> None:
        """Bring the consumer what is new in the outbox's stream, and the lanes their messages."""
        while batches := list(self.stream.read()):
            for shard, records in batches:
                told = self.functions["consume_outbox"].invoke({"Records": records})
                assert told == {"batchItemFailures": []}
                self.stream.keep(shard, records[-1]["dynamodb"]["SequenceNumber"])
            while self.queues.sent:
                sent = self.queues.sent.popleft()
                event = events.queue_event(sent.lane, "1", sent.body, 1, group=sent.group)
                told = self.functions[f"{sent.lane}_lane"].invoke(event)
                assert told == {"batchItemFailures": []}


@dataclass(slots=True)
class ZipSocket:
    """A connection as API Gateway keeps it."""

    cloud: ZipCloud
    connection: dict[str, Any]
    _heard: int = 0

    def send(self, frame: dict[str, Any]) -> None:
        """What API Gateway makes of a frame."""
        event = events.message_event(self.connection, json.dumps(frame))
        self.cloud.functions["websocket_message"].invoke(event)

    def hear(self, kind: str) -> Any:
        """The next frame of this type; the stream moves on meanwhile."""
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            frames = self.cloud.management.frames[self.connection["connectionId"]]
            for position in range(self._heard, len(frames)):
                self._heard = position + 1
                if frames[position]["type"] == kind:
                    return frames[position].get("data", frames[position])
            self.cloud.pump()
        raise AssertionError(f"no {kind} in {frames}")

    def is_closed(self) -> bool:
        """Whether the application closes it."""
        self.cloud.pump()
        return self.connection["connectionId"] not in self.cloud.management.open

    def close(self) -> None:
        """A clean close."""
        self.cloud.management.open.discard(self.connection["connectionId"])
        event = events.disconnect_event(self.connection, 1000, "")
        self.cloud.functions["websocket_disconnect"].invoke(event)


@contextmanager
def running_zip(
    task: Path, folder: Path, management: Management, paths: list[str]
) -> Iterator[ZipCloud]:
    """The unpacked zip `task`, running; `paths` are the resources of the REST API."""
    mail = folder / "mail"
    mail.mkdir()
    with ExitStack() as stack:
        recorders = {
            name: stack.enter_context(recording(os.environ["FOYER_DYNAMODB_ENDPOINT"]))
            for name in HANDLERS
        }
        queues = stack.enter_context(queueing())
        functions = {
            name: stack.enter_context(
                running(
                    handler,
                    task,
                    environment(recorders[name].endpoint, management.endpoint, mail, queues.base),
                    folder / f"{name}.log",
                )
            )
            for name, handler in HANDLERS.items()
        }
        routes, stream = Routes(paths), _stream(folder)
        yield ZipCloud(functions, recorders, management, mail, routes, stream, queues)


def environment(engine: str, sockets: str, mail: Path, queues: str = "") -> dict[str, str]:
    """What a deployed function would find, pointing to this machine."""
    return {
        "AWS_ACCESS_KEY_ID": "foyer",
        "AWS_SECRET_ACCESS_KEY": "foyer-local-secret",
        "AWS_REGION": "us-east-1",
        "FOYER_DYNAMODB_ENDPOINT": engine,
        "FOYER_SOCKET_ENDPOINT": sockets,
        "FOYER_QUEUES": queues,
        "FOYER_SOCKET_URL": "wss://socket.test/api",
        "FOYER_PUBLIC_URL": "https://site.test",
        # The engine is the other tests' too, and some of them send all that a day may have.
        "FOYER_MAILS_PER_DAY": "1000000",
        "FOYER_MAIL_DIR": str(mail),
        "FOYER_SIGNUP": "open",
        "FOYER_ROOT_KEY_FILE": str(mail / "keys" / "root"),
    }


def _stream(folder: Path) -> Stream:
    """The outbox's stream from now on: what other tests wrote is theirs."""
    stream = Stream(transport, "foyer-outbox", folder / "checkpoint.json")
    while batches := list(stream.read()):
        for shard, records in batches:
            stream.keep(shard, records[-1]["dynamodb"]["SequenceNumber"])
    return stream

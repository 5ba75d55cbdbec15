"""The gateway's parts served in this process, with limits that a test can wait for."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from infra.local.application import Application
from infra.local.engines.ports import listen
from infra.local.gateway.asgi import App
from infra.local.gateway.limits import AWS, Limits
from infra.local.gateway.management import Management, new_secret
from infra.local.gateway.rest import Gateway
from infra.local.gateway.server import Server
from infra.local.gateway.sockets import Sockets
from infra.local.gateway.workers import Workers
from infra.local.settings import HOST
from infra.local.testing import LocalFoyer


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request; header names come back in lower case, repeated values joined by a line break."""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        names = {name.lower() for name, _ in answer.getheaders()}
        joined = {name: "\n".join(answer.headers.get_all(name) or []) for name in names}
        return Answer(answer.status, joined, answer.read())
    finally:
        connection.close()


def local(
    foyer: LocalFoyer, method: str, path: str, headers: dict[str, str] | None = None
) -> Answer:
    """One request at the machine's own pages: `/mail`, `/mail.json`, `/clock`."""
    place = urlsplit(foyer.local_url + path)
    target = f"{place.path}?{place.query}" if place.query else place.path
    return ask(int(place.port or 0), method, target, None, headers)


class Serving:
    """A gateway, its sockets and its management API in a thread, around one application."""

    def __init__(
        self,
        application: Application,
        *,
        limits: Limits = AWS,
        workers: Workers | None = None,
        wrote: Callable[[], None] = lambda: None,
        through: Callable[[App], App] = lambda app: app,
    ) -> None:
        self._workers = workers or Workers(8)
        self._limits = limits
        self._doors = [listen(0, mend=""), listen(0, mend="")]
        self.port, self.management_port = (door.getsockname()[1] for door in self._doors)
        gateway = Gateway(application, self._workers, self._workers, self.port, wrote, limits)
        self.sockets = Sockets(application, self._workers, self.port, wrote, limits)
        self.secret = new_secret()
        management = Management(self.sockets, self.secret, limits)

        async def front(scope: Any, receive: Any, send: Any) -> None:
            await (self.sockets if scope["type"] == "websocket" else gateway)(scope, receive, send)

        self._apps: list[tuple[App, bool]] = [
            (through(front), True),
            (management, False),
        ]
        self._servers: list[Server] = []
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),))

    @property
    def connections(self) -> int:
        """How many are open at the public door, of either kind."""
        return len(self._servers[0].server_state.connections)

    @property
    def url(self) -> str:
        return f"ws://{HOST}:{self.port}/"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        return ask(self.port, method, path, body, headers)

    def manage(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        signed: bool = True,
        secret: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        headers = dict(headers or {})
        if signed:
            scope = "foyer/20260101/us-east-1/execute-api/aws4_request"
            signature = f"Credential={scope}, SignedHeaders=host, Signature=00"
            headers["Authorization"] = f"AWS4-HMAC-SHA256 {signature}"
        rooted = f"/{self.secret if secret is None else secret}{path}"
        return ask(self.management_port, method, rooted, body, headers)

    @property
    def management_url(self) -> str:
        return f"http://{HOST}:{self.management_port}/{self.secret}"

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._servers or not all(server.started for server in self._servers):
            assert time.monotonic() < deadline, "the servers didn't start"
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            self._loop.call_soon_threadsafe(server.end)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._workers.start()
        self._servers = [
            Server(app, sockets=sockets, limits=self._limits) for app, sockets in self._apps
        ]
        pairs = zip(self._servers, self._doors, strict=True)
        await asyncio.gather(*(server.serve([door]) for server, door in pairs))
        self._workers.stop()


def until(answer: Callable[[], Any], *, within: float = 10.0) -> Any:
    """What `answer` says once it says something true."""
    deadline = time.monotonic() + within
    while not (found := answer()):
        assert time.monotonic() < deadline, "it didn't come about in time"
        time.sleep(0.01)
    return found

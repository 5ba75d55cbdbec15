"""The socket door: a management API that keeps what is sent, and sockets as AWS runs them."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlencode

import jwt

import app
from infra.local import events
from tests.support.api import Client
from tests.support.declared_frames import is_declared


class Management:
    """`POST|DELETE /@connections/<id>` on loopback: 200 while open, 410 after.

    `refusing` names statuses for those who get another answer.
    """

    def __init__(self) -> None:
        self.frames: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.open: set[str] = set()
        self.refusing: dict[str, int] = {}
        self.audiences: dict[str, str] = {}
        self.sent: set[tuple[str, str]] = set()
        self.undeclared: list[dict[str, Any]] = []
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                connection_id = unquote(self.path.rpartition("/")[2])
                if connection_id in keeper.refusing:
                    self._answer(keeper.refusing[connection_id])
                    return
                if connection_id in keeper.open:
                    keeper.keep(connection_id, json.loads(body))
                self._answer(200 if connection_id in keeper.open else 410)

            def do_DELETE(self) -> None:
                connection_id = unquote(self.path.rpartition("/")[2])
                known = connection_id in keeper.open
                keeper.open.discard(connection_id)
                self._answer(204 if known else 410)

            def _answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def keep(self, connection_id: str, frame: dict[str, Any]) -> None:
        """What a connection was sent; `undeclared` too, where nothing says that it may be."""
        self.frames[connection_id].append(frame)
        audience = self.audiences.get(connection_id)
        if audience is None:  # a socket of somebody who holds to the contract elsewhere
            return
        self.sent.add((audience, frame["type"]))
        if not is_declared(frame, audience):
            self.undeclared.append(frame)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Socket:
    """One open socket of `client`."""

    def __init__(self, management: Management, client: Client, ticket: str | None = None) -> None:
        self._management = management
        self._connection = events.new_connection("203.0.113.7", None, "socket.test")
        self.id: str = self._connection["connectionId"]
        ticket = ticket or client.post("/v1/socket-tickets").ok()["ticket"]
        management.audiences[self.id] = _audience(client)
        management.open.add(self.id)
        query = urlencode({"ticket": ticket}, errors="surrogatepass").encode()
        answer = app.connect(events.connect_event(self._connection, [], query, 443), None)
        self.status = answer["statusCode"]
        if self.status != 200:
            management.open.discard(self.id)

    @property
    def frames(self) -> list[dict[str, Any]]:
        """Everything that was sent to this socket, in order, but confirmed subscriptions."""
        return [each for each in self._take_posts if each["type"] != "subscribed"]

    @property
    def topics(self) -> list[str]:
        """The subscriptions that were confirmed, in order."""
        return [each["topic"] for each in self._take_posts if each["type"] == "subscribed"]

    @property
    def _take_posts(self) -> list[dict[str, Any]]:
        return self._management.frames[self.id]

    def forget(self) -> None:
        """From here on only what comes later is told."""
        self._take_posts.clear()

    def of(self, kind: str) -> list[Any]:
        """The data of the frames of one type."""
        return [frame.get("data") for frame in self.frames if frame["type"] == kind]

    def send(self, body: Any) -> None:
        """Send a frame; text goes as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        app.message(events.message_event(self._connection, text), None)

    def close(self) -> None:
        """A clean close."""
        self._management.open.discard(self.id)
        app.disconnect(events.disconnect_event(self._connection, 1000, ""), None)

    def cut(self) -> None:
        """The connection breaks and nobody is told yet."""
        self._management.open.discard(self.id)


def _audience(client: Client) -> str:
    """Of what kind a token is, good or not."""
    kind = str(jwt.get_unverified_header(str(client.token))["kid"]).partition(".")[0]
    return {"operator": "operators", "visitor": "customers"}[kind]

"""A small HTTP server that plays a script of good and bad answers, one per request."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

Act = Callable[[socket.socket, threading.Event], bool]
"""Plays one answer; False when the connection is closed after it."""


@dataclass
class Request:
    """What arrived: `connection` numbers the connections from 1."""

    connection: int
    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """Plays `script`, then answers 200 and {} for ever."""

    url: str
    script: list[Act]
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    closed: set[int] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_until_closed(self, connection: int) -> None:
        """Return once the server has closed the connection of this number."""
        with self.changed:
            assert self.changed.wait_for(lambda: connection in self.closed, 10)


def answer(
    content: object = None, status: int = 200, *, keep: bool = True, crc: int | None = None
) -> Act:
    """A whole answer; with `keep=False` the connection is closed after it, unannounced."""

    def act(sock: socket.socket, _stopping: threading.Event) -> bool:
        sock.sendall(_response(content, status, crc))
        return keep

    return act


def refusal(code: str, status: int = 400, **details: object) -> Act:
    """An error answer of DynamoDB's."""
    return answer({"__type": f"com.example#{code}", "message": "not now", **details}, status)


def raw(data: bytes) -> Act:
    """Any bytes, then the connection closes."""

    def act(sock: socket.socket, _stopping: threading.Event) -> bool:
        sock.sendall(data)
        return False

    return act


def drop(sock: socket.socket, _stopping: threading.Event) -> bool:
    """Take the request and hang up."""
    return False


def half(content: object) -> Act:
    """Half an answer."""
    return raw(_response(content, 200, None)[:-5])


def silence(sock: socket.socket, stopping: threading.Event) -> bool:
    """Never answer."""
    stopping.wait(30)
    return False


def drip(sock: socket.socket, stopping: threading.Event) -> bool:
    """Answer so slowly that no single read times out."""
    for byte in _response({"slow": "x" * 2000}, 200, None):
        if stopping.wait(0.02):
            break
        sock.sendall(bytes([byte]))
    return False


@contextmanager
def serving(*script: Act, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server on a free port, its threads gone afterwards."""
    listener = socket.create_server(("127.0.0.1", 0))
    scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
    server = Server(f"{scheme}://{host}:{listener.getsockname()[1]}", list(script))
    threads: list[threading.Thread] = []
    open_sockets: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            open_sockets.append(sock)
            thread = threading.Thread(
                target=_converse, args=(server, sock, server.connections, tls)
            )
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield server
    finally:
        server.stopping.set()
        # shutdown wakes the threads that wait in accept and recv; close alone doesn't.
        for sock in (listener, *open_sockets):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in (acceptor, *threads):
            thread.join(10)


def _converse(
    server: Server, plain: socket.socket, number: int, tls: ssl.SSLContext | None
) -> None:
    try:
        with tls.wrap_socket(plain, server_side=True) if tls else plain as sock:
            while (request := _read_request(sock, number)) is not None:
                server.requests.append(request)
                act = server.script.pop(0) if server.script else answer({})
                if not act(sock, server.stopping):
                    return
    except OSError:
        return
    finally:
        with server.changed:
            server.closed.add(number)
            server.changed.notify_all()


def _read_request(sock: socket.socket, number: int) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    line, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in fields)}
    while len(body) < int(headers["content-length"]):
        body += sock.recv(65536)
    return Request(number, line, headers, body)


def _response(content: object, status: int, crc: int | None) -> bytes:
    body = b"" if content is None else json.dumps(content).encode()
    checksum = crc32(body) if crc is None else crc
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nX-Amz-Crc32: {checksum}\r\n\r\n"
    return head.encode() + body

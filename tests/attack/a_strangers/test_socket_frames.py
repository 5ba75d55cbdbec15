"""What a socket's client makes of frames and handshakes: it harms itself, if anybody."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from chalicelib.kit.buckets import Bucket
from infra.local.application import Application
from infra.local.gateway.limits import AWS
from tests.local.conftest import Notes, application, call_notes
from tests.local.serving import Serving, until

__all__ = ["application", "call_notes"]

UPGRADE = (
    "Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
NO_HANDSHAKES = {
    "another method": f"POST /v1/socket HTTP/1.1\r\n{UPGRADE}Content-Length: 2\r\n\r\n{{}}",
    "a body": f"GET /v1/socket?ticket=x HTTP/1.1\r\n{UPGRADE}Content-Length: 2\r\n\r\n{{}}",
    "chunks": f"GET /v1/socket HTTP/1.1\r\n{UPGRADE}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a long header": f"GET /v1/socket HTTP/1.1\r\n{UPGRADE}X-A: {'a' * 9000}\r\n\r\n",
    "many headers": f"GET /v1/socket HTTP/1.1\r\n{UPGRADE}"
    + "".join(f"X-{number}: a\r\n" for number in range(200))
    + "\r\n",
}
TEXT, PING, PONG, PART = 0x1, 0x9, 0xA, 0x0
FEW = replace(AWS, frames=Bucket(50, 50), send_seconds=0.5)


def frame(kind: int, content: bytes = b"", *, last: bool = True) -> bytes:
    """One masked frame of at most 125 bytes."""
    return bytes([kind | (0x80 if last else 0), 0x80 | len(content), 0, 0, 0, 0]) + content


@contextmanager
def raw_socket(serving: Serving) -> Iterator[socket.socket]:
    """A raw socket whose handshake is over."""
    with socket.create_connection(("127.0.0.1", serving.port), timeout=10) as peer:
        peer.sendall(f"GET /v1/socket?ticket=x HTTP/1.1\r\n{UPGRADE}\r\n".encode())
        assert peer.recv(4096).startswith(b"HTTP/1.1 101 ")
        yield peer


def hangs_up_on_flood(peer: socket.socket, part: bytes, *, within: float) -> bool:
    """Whether the other side hung up on somebody who sends the same part without end."""
    deadline = time.monotonic() + within
    peer.settimeout(0.2)
    while time.monotonic() < deadline:
        try:
            peer.sendall(part)
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize("shape", NO_HANDSHAKES)
def test_what_asks_for_a_socket_and_opens_none_is_hung_up_on(
    application: Application, call_notes: Notes, shape: str
) -> None:
    with (
        Serving(application) as serving,
        socket.create_connection(("127.0.0.1", serving.port), timeout=10) as peer,
    ):
        peer.sendall(NO_HANDSHAKES[shape].encode())
        said = b""
        while part := peer.recv(4096):
            said += part
        assert said.split()[1] in {b"400", b"405", b"431"}
        until(lambda: not serving.connections)


@pytest.mark.parametrize(
    "flood",
    [frame(PING, b"a" * 125) * 500, frame(PONG) * 500, frame(PART, last=False) * 500],
    ids=["pings", "pongs", "parts"],
)
def test_frames_that_nobody_is_given_are_counted_too(
    application: Application, call_notes: Notes, flood: bytes
) -> None:
    with Serving(application, limits=FEW) as serving, raw_socket(serving) as peer:
        peer.sendall(frame(TEXT, b"", last=False) if flood[0] == PART else b"")
        assert hangs_up_on_flood(peer, flood, within=5)
        until(lambda: not serving.connections)


def test_who_pings_as_people_do_is_answered_and_stays(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application) as serving, raw_socket(serving) as peer:
        peer.sendall(frame(PING, b"here") * 100)
        heard = b""
        while len(heard) < 600:
            heard += peer.recv(4096)
        assert heard == b"\x8a\x04here" * 100
        peer.sendall(frame(TEXT, b'"in ', last=False) + frame(PART, b'parts"'))
        until(lambda: call_notes("message"))


def test_frames_sent_at_once_are_handled_in_order_and_none_is_lost(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application) as serving, raw_socket(serving) as peer:
        texts = [f'"{number:03} {"a" * 60}"' for number in range(150)]
        peer.sendall(b"".join(frame(TEXT, text.encode()) for text in texts))
        until(lambda: len(call_notes("message")) == 150)
        assert [event["body"] for event in call_notes("message")] == texts


def test_who_reads_nothing_keeps_no_connection(application: Application, call_notes: Notes) -> None:
    with Serving(application, limits=FEW) as serving, raw_socket(serving):
        connection = until(lambda: next(iter(serving.sockets._open), None))
        path = f"/@connections/{connection.replace('=', '%3D')}"
        sent = 0
        while serving.manage("POST", path, b"a" * 100_000).status == 200:
            sent += 1
            assert sent < 300, "it takes more than buffers hold"
        until(lambda: not serving.connections)

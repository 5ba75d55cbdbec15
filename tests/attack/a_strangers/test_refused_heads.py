"""What is refused before any function sees it: heads that are too long, and without a trace."""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import suppress

import pytest

from tests.local.conftest import application, call_notes, serving
from tests.local.serving import Serving

__all__ = ["application", "call_notes", "serving"]

HANDSHAKE = (
    "GET /?ticket={} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
H2C = (
    "GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\n"
    "Upgrade: h2c\r\n\r\n"
)
NOT_UTF8 = struct.pack("!BB4xB", 0x81, 0x81, 0xFF)


def exchange(serving: Serving, *said: bytes) -> bytes:
    """All that is answered until the server hangs up; `said` one after the other."""
    answered = b""
    with socket.create_connection(("127.0.0.1", serving.port), timeout=8) as opened:
        for part in said:
            opened.sendall(part)
            while b"\r\n\r\n" not in answered:
                answered += opened.recv(1)
        with suppress(ConnectionResetError):
            while part := opened.recv(65536):
                answered += part
    return answered


def test_a_head_that_comes_at_once_has_the_limit_of_one_that_comes_slowly(
    serving: Serving,
) -> None:
    def ask_with(**headers: str) -> int:
        return serving.ask("GET", "/v1/health", headers=headers).status

    def many(count: int) -> dict[str, str]:
        return {f"X-{number}": "a" * 100 for number in range(count)}

    assert [ask_with(A="a" * size) for size in (30 * 1024, 33 * 1024)] == [200, 431]
    assert [ask_with(**many(count)) for count in (250, 400)] == [200, 431]
    assert serving.ask("GET", f"/v1/health?{'a' * 33 * 1024}").status == 431
    assert ask_with() == 200


def test_refusals_write_nothing_into_the_log(
    serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert exchange(serving, HANDSHAKE.format("unknown").encode()).startswith(b"HTTP/1.1 401 ")
        assert exchange(serving, b"\x16\x03\x01 no HTTP\r\n\r\n").startswith(b"HTTP/1.1 400 ")
        assert exchange(serving, H2C.encode()).startswith(b"HTTP/1.1 200 ")
        assert b"\x88\x02\x03\xef" in exchange(serving, HANDSHAKE.format("t").encode(), NOT_UTF8)
    assert caplog.messages == []

"""ASGI's own types, and the few lines that every part of the server answers by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from infra.local.gateway.answers import Answer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def send_answer(send: Send, answer: Answer, *, with_body: bool = True) -> None:
    """Answer an HTTP request; `with_body` is False for HEAD."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})


async def refuse(scope: Scope, receive: Receive, send: Send, answer: Answer) -> None:
    """Answer an HTTP request, or a WebSocket's handshake, which is over by that."""
    if scope["type"] == "http":
        await send_answer(send, answer, with_body=scope["method"] != "HEAD")
        return
    await receive()  # websocket.connect
    start = {"status": answer.status, "headers": answer.headers}
    await send({"type": "websocket.http.response.start", **start})
    await send({"type": "websocket.http.response.body", "body": answer.body})


class Unfinished(Exception):
    """The client went, or took too long, in the middle of its body."""


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes | None:
    """The request's body; None when it is longer than `limit` bytes.

    Raises:
        Unfinished: The end of it didn't come.
    """
    declared = header(scope, b"content-length")
    if declared is None and header(scope, b"transfer-encoding") is None:
        return b""
    if declared is not None and declared.isdigit() and int(declared) > limit:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unfinished()
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first value of a header, by its lower-case name."""
    for each, value in scope["headers"]:
        if each == name:
            return bytes(value)
    return None


def accepts_gzip(scope: Scope) -> bool:
    """Whether the caller takes a compressed answer."""
    return b"gzip" in (header(scope, b"accept-encoding") or b"")


def source_ip(scope: Scope) -> str:
    """The caller's address."""
    client = scope.get("client")
    return str(client[0]) if client else "127.0.0.1"

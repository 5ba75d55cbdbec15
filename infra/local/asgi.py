"""ASGI's own types, and the few lines that every part of the server answers by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from infra.local.answers import Answer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def send_answer(send: Send, answer: Answer, *, with_body: bool = True) -> None:
    """Answer an HTTP request; `with_body` is False for HEAD."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes | None:
    """The request's body; None when it is longer than `limit` bytes."""
    declared = header(scope, b"content-length")
    if declared is None and header(scope, b"transfer-encoding") is None:
        return b""
    if declared is not None and declared.isdigit() and int(declared) > limit:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
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


def source_ip(scope: Scope) -> str:
    """The caller's address."""
    client = scope.get("client")
    return str(client[0]) if client else "127.0.0.1"

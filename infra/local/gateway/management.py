"""API Gateway's management API: how the application reaches an open socket.

POST sends a frame, GET tells of the connection, DELETE closes it. It listens on a port of its own;
where AWS's addresses have a stage ours have a secret of this run, and it wants a request signed
with our key, as AWS would. Pages, whose browsers name their origin, get nothing.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from infra.local.gateway.answers import Answer
from infra.local.gateway.asgi import (
    Receive,
    Scope,
    Send,
    Unfinished,
    header,
    read_body,
    send_answer,
)
from infra.local.gateway.limits import AWS, Limits
from infra.local.gateway.sockets import Connection, Gone, Sockets
from infra.local.settings import ACCESS_KEY

_PREFIX = "/@connections/"
_SIGNED = f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/".encode()


class Management:
    """Serves `/{secret}/@connections/{id}`."""

    def __init__(self, sockets: Sockets, secret: str, limits: Limits = AWS) -> None:
        self._sockets = sockets
        self._secret = secret.encode()
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except Unfinished:
            answer = _error(408, "RequestTimeoutException", "Request Timeout")
        await send_answer(send, answer)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        secret, _, rest = scope["raw_path"].removeprefix(b"/").partition(b"/")
        path = "/" + rest.decode("latin-1")
        ours = hmac.compare_digest(secret, self._secret) and path.startswith(_PREFIX)
        by_page = header(scope, b"origin") is not None
        if by_page or not ours or not _is_signed(header(scope, b"authorization")):
            return _error(403, "ForbiddenException", "Forbidden")
        # Limits come before the connection is looked at, so this is read even for a dead one.
        body = await read_body(scope, receive, self._limits.message)
        if body is None:
            return _error(413, "PayloadTooLargeException", "Message too long")
        try:
            connection = self._sockets.find(unquote(path.removeprefix(_PREFIX)))
            return await _serve(scope["method"], connection, body)
        except Gone:
            return _error(410, "GoneException", "Gone")


def new_secret() -> str:
    """256 bits that fit into a path."""
    return secrets.token_urlsafe(32)


async def _serve(method: str, connection: Connection, body: bytes) -> Answer:
    if method == "POST":
        await connection.push(body)
        return _json(200, {})
    if method == "GET":
        return _json(200, _description(connection))
    if method == "DELETE":
        await connection.close()
        return Answer(204, [], b"")
    return _error(403, "ForbiddenException", "Forbidden")


def _description(connection: Connection) -> dict[str, Any]:
    return {
        "connectedAt": connection.connected_at.isoformat(timespec="seconds"),
        "lastActiveAt": connection.last_active.isoformat(timespec="seconds"),
        "identity": connection.about["identity"],
    }


def _is_signed(authorization: bytes | None) -> bool:
    """Whether a signature by our key is there. It is not computed: the secret is proof enough."""
    return (
        authorization is not None
        and authorization.startswith(_SIGNED)
        and b"/execute-api/aws4_request" in authorization
        and b"Signature=" in authorization
    )


def _error(status: int, kind: str, message: str) -> Answer:
    answer = _json(status, {"message": message})
    return Answer(status, [*answer.headers, (b"x-amzn-errortype", kind.encode())], answer.body)


def _json(status: int, content: Mapping[str, Any]) -> Answer:
    body = json.dumps(content).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    return Answer(status, headers, body)

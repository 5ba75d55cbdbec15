"""API Gateway's WebSocket side: one socket's life as $connect, $default … and $disconnect events.

Frames of one socket are handled one after the other, so a client that hurries holds one worker at
most; AWS would run them at once and promises no order.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from chalicelib.kit.addresses import THIS_MACHINE, neighbourhood
from chalicelib.platform.observability.failures import describe
from infra.local.application import Application, Function
from infra.local.events import connect_event, disconnect_event, message_event, new_connection
from infra.local.gateway.answers import refusal
from infra.local.gateway.asgi import Message, Receive, Scope, Send, header, refuse, source_ip
from infra.local.gateway.limits import AWS, Limits
from infra.local.gateway.workers import Busy, Workers, lane_of

log = logging.getLogger("foyer.local")

_NO_CODE = 1005
_GOING_AWAY = 1001
_TRY_AGAIN_LATER = 1013
_CLOSED_BY_US = 1000
_SEND_WITHIN = 5.0
_REASONS = {
    _NO_CODE: "Client-side close frame status not set",
    _GOING_AWAY: "Going away",
    1006: "Connection closed abnormally",
    1009: "Message too big",
}


class Gone(Exception):
    """No such open connection (any more)."""


class Connection:
    """One open socket, from a `place`. `about` is what its events say; times in epoch milliseconds.

    `leaves` once it was chosen to make room.
    """

    def __init__(self, about: dict[str, Any], place: str, send: Send) -> None:
        self.about = about
        self.place = place
        self.leaves = False
        self.last_active = datetime.now(UTC)
        self.touched = self.calm_at = asyncio.get_running_loop().time()
        self._send = send

    @property
    def connected_at(self) -> datetime:
        return datetime.fromtimestamp(self.about["connectedAt"] / 1000, UTC)

    def touch(self) -> None:
        """Something passed, either way: the idle limit counts from now."""
        self.last_active = datetime.now(UTC)
        self.touched = asyncio.get_running_loop().time()

    async def push(self, frame: bytes) -> None:
        """Send a frame to the client, as text where it is UTF-8.

        Raises:
            Gone: It went, or didn't take the frame in time.
        """
        message: Message = {"type": "websocket.send"}
        try:
            message["text"] = frame.decode()
        except UnicodeDecodeError:
            message["bytes"] = frame
        try:
            async with asyncio.timeout(_SEND_WITHIN):
                await self._send(message)
        except (TimeoutError, OSError, RuntimeError) as problem:
            raise Gone() from problem
        self.touch()

    async def close(self, code: int = _CLOSED_BY_US, reason: str = "") -> None:
        with suppress(OSError, RuntimeError):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})


class Sockets:
    """Every open socket of this machine, and how they open and end."""

    def __init__(
        self,
        application: Application,
        workers: Workers,
        port: int,
        wrote: Callable[[], None],
        limits: Limits = AWS,
    ) -> None:
        self._application = application
        self._workers = workers
        self._port = port
        self._wrote = wrote
        self._limits = limits
        self._open: dict[str, Connection] = {}
        self._places: Counter[str] = Counter()
        self._closing: set[asyncio.Future[None]] = set()

    def find(self, connection_id: str) -> Connection:
        """The open connection with this id.

        Raises:
            Gone: There is none.
        """
        connection = self._open.get(connection_id)
        if connection is None:
            raise Gone()
        return connection

    def __len__(self) -> int:
        return len(self._open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._count_socket(source_ip(scope)) as has_room:
            if has_room:
                await self._open_socket(scope, receive, send)
            else:
                await _refuse(scope, receive, send, 429)

    @contextmanager
    def _count_socket(self, address: str) -> Iterator[bool]:
        """Count one more socket of a place while it lasts; whether there is room for it.

        Connections are everybody's: identities cost little, so whoever makes many of them could
        fill all with sockets, and nobody else would come in. Some addresses together could, too, so
        when all are taken the most crowded place gives one to whoever has fewer.
        """
        place = neighbourhood(address)
        has_room = place == THIS_MACHINE or (
            self._places[place] < self._limits.sockets_of_a_place
            and (self._places.total() < self._limits.sockets or self._make_room(place))
        )
        self._places[place] += has_room
        try:
            yield has_room
        finally:
            self._places[place] -= has_room
            if not self._places[place]:
                del self._places[place]

    def _make_room(self, place: str) -> bool:
        """End the socket of the most crowded place that was quiet for longest; False if `place` has
        as many. Looks at every place, and at every socket if one is to go.
        """
        others = {each: number for each, number in self._places.items() if each != THIS_MACHINE}
        crowded = max(others, key=others.__getitem__, default=place)
        if self._places[crowded] <= self._places[place] + 1:
            return False
        theirs = [each for each in self._open.values() if each.place == crowded and not each.leaves]
        if not theirs:
            return False
        quietest = min(theirs, key=lambda each: each.touched)
        quietest.leaves = True
        closing = asyncio.ensure_future(quietest.close(_TRY_AGAIN_LATER, "Try again later"))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        return True

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        about = _facts_of(scope)
        event = connect_event(
            about, scope["headers"], scope["query_string"], self._port, scope["scheme"]
        )
        response = await self._invoke(self._application.connect, event, _lane(about, ""))
        status = _status(response)
        if not 200 <= status < 300:
            await _refuse(scope, receive, send, status)
            return
        await receive()  # websocket.connect
        await send({"type": "websocket.accept", "subprotocol": _subprotocol(response)})
        connection = Connection(about, neighbourhood(source_ip(scope)), send)
        self._open[about["connectionId"]] = connection
        code, reason = _NO_CODE, ""
        try:
            code, reason = await self._converse(connection, receive)
        finally:
            del self._open[about["connectionId"]]
            ended = disconnect_event(about, code, reason or _REASONS.get(code, ""))
            await self._invoke(self._application.disconnect, ended, _lane(about))

    async def _converse(self, connection: Connection, receive: Receive) -> tuple[int, str]:
        """Pass frames on until the socket ends; its close code and reason."""
        loop = asyncio.get_running_loop()
        end_of_life = loop.time() + self._limits.life_seconds
        while True:
            deadline = min(end_of_life, connection.touched + self._limits.idle_seconds)
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                if loop.time() < min(end_of_life, connection.touched + self._limits.idle_seconds):
                    continue  # something was sent meanwhile
                await connection.close(_GOING_AWAY, "Going away")
                return _GOING_AWAY, "Going away"
            if message["type"] == "websocket.disconnect":
                return int(message.get("code") or _NO_CODE), str(message.get("reason") or "")
            connection.touch()
            await self._pace(connection)
            await self._handle(connection, message)

    async def _pace(self, connection: Connection) -> None:
        """Read no faster than anybody needs: who floods is slowed down where it begins, for what
        isn't read fills the sender's own buffers and not our memory.
        """
        now = asyncio.get_running_loop().time()
        frames = self._limits.frames
        connection.calm_at = frames.spend(connection.calm_at, 1, now)
        await asyncio.sleep(frames.wait(connection.calm_at, now))

    async def _handle(self, connection: Connection, message: Message) -> None:
        text = message.get("text")
        body: str | bytes = text if text is not None else message.get("bytes", b"")
        event = message_event(connection.about, body)
        lane = _lane(connection.about)
        if await self._invoke(self._application.message, event, lane) is None:
            failure = _failure(event["requestContext"])
            with suppress(Gone):
                await connection.push(failure)

    async def _invoke(self, function: Function, event: Mapping[str, Any], lane: str) -> Any:
        """What the function answers; None when it failed or there was no room for it."""
        request_id = event["requestContext"]["requestId"]

        def work() -> Any:
            answer = function(event, request_id)
            self._wrote()
            return answer

        try:
            pending = self._workers.submit(work, lane)
            return await asyncio.wait_for(pending, self._limits.request_seconds)
        except (Busy, TimeoutError) as problem:
            log.error("socket %s: %s", request_id, describe(problem))
        except Exception:  # the edge: whatever a function raises is the gateway's to tell
            log.exception("socket %s: the function failed", request_id)
        return None


def _facts_of(scope: Scope) -> dict[str, Any]:
    user_agent = header(scope, b"user-agent")
    return new_connection(
        source_ip(scope),
        user_agent.decode("latin-1") if user_agent is not None else None,
        (header(scope, b"host") or b"").decode("latin-1"),
    )


def _lane(about: Mapping[str, Any], name: str | None = None) -> str:
    """A socket's own lane, or another of those who come from there."""
    return lane_of(about["identity"]["sourceIp"], about["connectionId"] if name is None else name)


def _status(response: Any) -> int:
    if not isinstance(response, Mapping):
        return 500
    try:
        return int(response.get("statusCode", 200))
    except (TypeError, ValueError):
        return 500


def _subprotocol(response: Mapping[str, Any]) -> str | None:
    for name, value in (response.get("headers") or {}).items():
        if name.lower() == "sec-websocket-protocol":
            return str(value)
    return None


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """Answer the handshake itself: a refusal, trouble that passes, or a failure."""
    public = status if 400 <= status < 500 or status == 503 else 500
    answer = refusal(public, {401: "Unauthorized", 403: "Forbidden"}.get(public, "Refused"))
    await refuse(scope, receive, send, answer)


def _failure(context: Mapping[str, Any]) -> bytes:
    return (
        f'{{"message": "Internal server error", "connectionId":"{context["connectionId"]}", '
        f'"requestId":"{context["requestId"]}"}}'
    ).encode()

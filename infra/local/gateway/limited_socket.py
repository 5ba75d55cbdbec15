"""How much a socket's client may send and leave unread, whatever it makes its frames of.

What the application is given is paced and counted (`sockets`). Pings, pongs and the parts of a
message are not given to it: they are answered and put together here, so they are bounded here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from infra.local.gateway.limits import AWS, Limits

_AT_ONCE = 1024
"""Bytes parsed in one go: 170 frames at most, which takes some milliseconds."""
_LET_GO = 15.0
"""Seconds for a client to take the last of it; ten of them are for its closing frame."""

_NO_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class LimitedSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with API Gateway's limits: 32 kB a frame, 128 kB a message.

    What is larger closes the socket with 1009, more pings and parts than anybody sends with 1008,
    and who doesn't read is cut off.
    """

    def __init__(self, limits: Limits = AWS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conn.max_fragment_size = limits.frame
        self.conn.max_message_size = limits.message
        self._limits = limits
        self._calm_at = 0.0
        self._unparsed = bytearray()
        self._unread: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        self._unparsed += data
        self._parse()
        if not self.handshake_initiated and not self.transport.is_closing():
            self._refuse()

    async def receive(self) -> ASGIReceiveEvent:
        message = await super().receive()
        self._parse()
        return message

    def handle_cont(self, event: Frame) -> None:
        if self._counts():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self._counts():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._counts():
            super().handle_pong(event)

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is None:  # frames that came before they were asked for
            self.transport.abort()
        else:
            super().handle_parser_exception()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(self._limits.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_watching_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_watching_reader()
        self._unparsed.clear()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Nobody answers here any more: a client that doesn't go keeps no connection by that."""
        super().on_task_complete(task)
        self.loop.call_later(_LET_GO, self.transport.abort)

    def _parse(self) -> None:
        """Take what came, a little at a time, until the application has something to do."""
        while self._unparsed and not self.read_paused and not self.transport.is_closing():
            part = bytes(self._unparsed[:_AT_ONCE])
            del self._unparsed[:_AT_ONCE]
            super().data_received(part)

    def _refuse(self) -> None:
        """A request comes here whole, so one that opens no handshake by now (with a body, a header
        that is too long, another method) never will.
        """
        reply = b"".join(self.conn.data_to_send())
        self.transport.write(reply or _NO_HANDSHAKE)
        self.transport.close()
        self.loop.call_later(_LET_GO, self.transport.abort)

    def _counts(self) -> bool:
        """Whether one more frame that the application never sees may be taken."""
        if self.transport.is_closing():
            return False
        now = self.loop.time()
        self._calm_at = self._limits.frames.spend(self._calm_at, 1, now)
        if not self._limits.frames.wait(self._calm_at, now):
            return True
        self.conn.fail(CloseCode.POLICY_VIOLATION, "too many frames")
        self.handle_parser_exception()
        return False

    def _stop_watching_reader(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

"""How long a client may take and how much it may hold: HTTP connections that can't be hoarded.

uvicorn waits for ever for the rest of a request. Here a request has to arrive whole in time or is
answered 408, a reader that doesn't read is cut off, and of those who keep a connection without
being served, the one that has waited longest goes when there are too many: so a crowd that sends a
byte now and then (slow loris) only ever throws itself out.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from infra.local.gateway.answers import Answer, refusal
from infra.local.gateway.limits import AWS, Limits

_LET_GO = 5.0
_REASONS = {
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


class Phase(Enum):
    """Where a connection is: between requests, in a request's head or body, or being answered."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    SERVED = "served"


@dataclass(eq=False)
class Crowd:
    """Everybody at one door. `waiting` has who isn't being served, longest first."""

    limits: Limits = AWS
    waiting: dict[LimitedHttp, None] = field(default_factory=dict)
    body_bytes: int = 0
    """Bytes of bodies whose requests haven't been answered yet."""

    def wait(self, one: LimitedHttp) -> None:
        """Put somebody at the end; the first goes if there are too many."""
        self.leave(one)
        self.waiting[one] = None
        if len(self.waiting) > self.limits.waiting_connections:
            self._send_away(next(iter(self.waiting)))

    def leave(self, one: LimitedHttp) -> None:
        self.waiting.pop(one, None)

    def hold(self, size: int) -> bool:
        """Whether there is room for a part of a body; slower ones make room by going."""
        self.body_bytes += size
        while self.body_bytes > self.limits.held_bodies:
            slowest = next((each for each in self.waiting if each.body_bytes), None)
            if slowest is None:
                return False
            self._send_away(slowest)
        return True

    def _send_away(self, one: LimitedHttp) -> None:
        self.leave(one)
        one.send_away()


class LimitedHttp(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with bounds. `body_bytes` is how much of a body it keeps."""

    def __init__(self, crowd: Crowd, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.body_bytes = 0
        self._crowd = crowd
        self._limits = crowd.limits
        self._phase = Phase.IDLE
        self._head = 0
        self._due: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            self._refuse(503)
            return
        self._crowd.wait(self)
        self._expect(self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._phase is Phase.HEAD:
            self._head += len(data)
            if self._head > self._limits.head_bytes:
                self._refuse(431)
        elif self._phase is Phase.IDLE and not self.transport.is_closing():
            self._expect(self._limits.head_seconds)  # empty lines, say: no request has begun

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._phase, self._head = Phase.HEAD, 0
        self._expect(self._limits.head_seconds)

    def on_headers_complete(self) -> None:
        # Once more: while a head comes at once, or with its end, nobody has counted it.
        if self._size_of_head() > self._limits.head_bytes:
            self._refuse(431)
            return
        super().on_headers_complete()
        self._phase = Phase.BODY
        self._expect(self._limits.receive_seconds)

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if self.cycle is None or self.cycle.response_complete or self.transport.is_closing():
            return  # answered already: what still comes is thrown away
        self.body_bytes += len(body)
        if not self._crowd.hold(len(body)):
            self._refuse(503)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle is not None and self.cycle.response_complete:
            self._rest()
        else:
            self._phase = Phase.SERVED
            self._crowd.leave(self)
            self._expect(None)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._release_body()
        if self.transport.is_closing():
            self._end_soon()
        elif self._phase is Phase.SERVED and not self.pipeline:
            self._rest()

    def handle_websocket_upgrade(self) -> None:
        self._forget()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading = self.loop.call_later(self._limits.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_watching_reader()

    def send_away(self) -> None:
        """Make room; whoever is in the middle of a request is told so."""
        if self.transport.is_closing():
            return
        if self._phase is Phase.IDLE:
            self.transport.close()
            self._end_soon()
        else:
            self._refuse(408)

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _rest(self) -> None:
        """Answered: another request may come on the same connection, for a while."""
        self._phase = Phase.IDLE
        self._crowd.wait(self)
        self._expect(self.timeout_keep_alive)

    def _expect(self, seconds: float | None) -> None:
        """What is awaited has to come within this time; None: nothing is."""
        if self._due is not None:
            self._due.cancel()
        self._due = None if seconds is None else self.loop.call_later(seconds, self.send_away)

    def _refuse(self, status: int) -> None:
        """Say why to somebody who has no whole request and no answer yet, and hang up."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(_to_bytes(refusal(status, _REASONS[status])))
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True  # whoever waits for the body learns that no more comes
            cycle.message_event.set()
        self.transport.close()
        self._end_soon()

    def _end_soon(self) -> None:
        """A peer that doesn't take the rest can't keep the connection by that."""
        self._forget()
        self.loop.call_later(_LET_GO, self.transport.abort)

    def _forget(self) -> None:
        self._expect(None)
        self._stop_watching_reader()
        self._crowd.leave(self)
        self._release_body()

    def _release_body(self) -> None:
        self._crowd.body_bytes -= self.body_bytes
        self.body_bytes = 0

    def _stop_watching_reader(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


def _to_bytes(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}".encode()]
    lines += [name + b": " + value for name, value in answer.headers]
    return b"\r\n".join([*lines, b"connection: close", b"", answer.body])

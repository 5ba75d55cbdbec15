"""A bad network: a TCP proxy that cuts, delays, drops, doubles and reorders, by a seed.

HTTP connections are cut before the request or before its answer, or come late. On WebSockets
whole frames of the server's are mangled, so that what remains is still the protocol.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

from infra.local.settings import HOST

_CHUNK = 64 * 1024
_CONTROL = 0x8


class Cut(Exception):
    """The connection breaks here."""


@dataclass
class Weather:
    """How bad it is: chances per connection, chunk or frame."""

    cut_request: float = 0.04
    cut_answer: float = 0.04
    cut_socket: float = 0.002
    drop: float = 0.03
    double: float = 0.03
    swap: float = 0.05
    late: float = 0.10
    late_seconds: float = 0.05


CALM = Weather(0, 0, 0, 0, 0, 0, 0, 0)


class Proxy:
    """Passes connections on to `port` of this machine, through the weather."""

    def __init__(self, port: int, seed: int, weather: Weather) -> None:
        self.port = 0
        self.weather = weather
        self.mishaps = 0
        self._target = port
        self._dice = random.Random(seed)
        self._open: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut_all(self) -> None:
        """Every connection breaks at once."""
        for task in self._open:
            task.cancel()

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut_all()

    async def _serve(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
        far_out: asyncio.StreamWriter | None = None
        try:
            self._maybe_cut(self.weather.cut_request)
            far_in, far_out = await asyncio.open_connection(HOST, self._target)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._upstream(near_in, far_out))
                both.create_task(self._downstream(far_in, near_out))
        except (Cut, OSError, asyncio.CancelledError, ExceptionGroup):
            pass
        finally:
            if task is not None:
                self._open.discard(task)
            for writer in (near_out, far_out):
                if writer is not None:
                    with suppress(OSError):
                        writer.transport.abort()

    async def _upstream(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()
        raise Cut()

    async def _downstream(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            head = await source.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            raise Cut() from error
        self._maybe_cut(self.weather.cut_answer)
        sink.write(head)
        if b" 101 " in head.partition(b"\r\n")[0]:
            await self._frames(source, sink)
        while data := await source.read(_CHUNK):
            await self._maybe_wait()
            sink.write(data)
            await sink.drain()
        await sink.drain()
        with suppress(OSError):
            sink.write_eof()
        raise Cut()

    async def _frames(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        held: bytes | None = None
        while True:
            frame = await _frame(source)
            if frame[0] & _CONTROL:
                sink.write(frame)
                continue
            self._maybe_cut(self.weather.cut_socket)
            await self._maybe_wait()
            if self._happens(self.weather.drop):
                continue
            if held is None and self._happens(self.weather.swap):
                held = frame
                continue
            sink.write(frame)
            if self._happens(self.weather.double):
                sink.write(frame)
            if held is not None:
                sink.write(held)
                held = None
            await sink.drain()

    def _happens(self, chance: float) -> bool:
        happens = self._dice.random() < chance
        self.mishaps += happens
        return happens

    def _maybe_cut(self, chance: float) -> None:
        if self._happens(chance):
            raise Cut()

    async def _maybe_wait(self) -> None:
        if self._happens(self.weather.late):
            await asyncio.sleep(self._dice.uniform(0, self.weather.late_seconds))


async def _frame(source: asyncio.StreamReader) -> bytes:
    """One unmasked WebSocket frame (RFC 6455 §5.2), as it is."""
    try:
        head = await source.readexactly(2)
        length = head[1] & 0x7F
        more = {126: 2, 127: 8}.get(length, 0)
        if more:
            extended = await source.readexactly(more)
            head, length = head + extended, int.from_bytes(extended)
        return head + await source.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise Cut() from error

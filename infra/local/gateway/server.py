"""The listening side: several ASGI applications on several ports of one event loop."""

from __future__ import annotations

import asyncio
import logging
import socket
from asyncio import Protocol
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import cast

import uvicorn

from infra.local.gateway.asgi import App
from infra.local.gateway.limited_socket import LimitedSocket
from infra.local.gateway.limits import AWS, Limits
from infra.local.gateway.slow_clients import Crowd, LimitedHttp

_DRAIN_SECONDS = 2
_TICK = 1.0


class _OwnLines(logging.Filter):
    """Leaves out what uvicorn tells of clients' mistakes: anybody could fill a disk with it."""

    _THEIRS = frozenset(
        {
            "Invalid HTTP request received.",
            "Unsupported upgrade request.",
            "Invalid UTF-8 sequence received from client.",
            "ASGI callable returned without completing handshake.",  # a refused handshake, too
        }
    )

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg not in self._THEIRS and "websocket library" not in str(record.msg).lower()


_OF_OURS = _OwnLines()


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to us and wakes once a second, not ten times.

    With `sockets` it opens WebSockets, too.
    """

    def __init__(self, app: App, *, sockets: bool = False, limits: Limits = AWS) -> None:
        patient = partial(LimitedHttp, Crowd(limits))
        limited = partial(LimitedSocket, limits)
        super().__init__(
            uvicorn.Config(
                app,
                http=cast(type[Protocol], patient),
                ws=cast(type[Protocol], limited) if sockets else "none",
                # API Gateway neither compresses nor pings.
                ws_per_message_deflate=False,
                ws_ping_interval=None,
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=65,
                timeout_graceful_shutdown=_DRAIN_SECONDS,
            )
        )
        logging.getLogger("uvicorn.error").addFilter(_OF_OURS)
        self._ending = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def main_loop(self) -> None:
        while not self.should_exit:
            await self.on_tick(0)  # sets the Date header
            try:
                await asyncio.wait_for(self._ending.wait(), _TICK)
            except TimeoutError:
                continue

    def end(self) -> None:
        """Stop accepting, let what runs finish for a moment, close the rest."""
        self.should_exit = True
        self._ending.set()


async def serve(servers: list[tuple[Server, socket.socket]]) -> None:
    """Serve until each server has ended."""
    await asyncio.gather(*(server.serve([bound]) for server, bound in servers))

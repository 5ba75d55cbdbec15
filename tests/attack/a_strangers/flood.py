"""A flood by one visitor, a process of its own, which heeds nothing that it is told.

    python -m tests.attack.a_strangers.flood < plan.json > result.json

A plan is {"host", "port", "token", "conversation", "seconds"}. It begins conversations, sends
messages of 10 kB, asks for tickets, opens sockets with them and sends presence frames on all of
them, each as often as `RATES` says. The result has the statuses of each kind's answers, the ids of
the conversations that were begun, and what became of sockets and frames.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from chalicelib.kit.ids import new_id

RATES = {"conversations": 280, "messages": 100, "tickets": 100, "frames": 500}
"""Requests, or frames, a second."""
SOCKETS = 300
LANES = 16
"""Connections that each kind is sent over: a slow answer doesn't slow the flood down much."""


class Flood:
    """What its parts share."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.ends = monotonic() + plan["seconds"]
        self.statuses: dict[str, Counter[int]] = {kind: Counter() for kind in RATES}
        self.begun: list[str] = []
        self.sent: list[int] = []
        self.sockets: list[ClientConnection] = []
        self.cut = 0

    async def run(self) -> dict[str, Any]:
        talk = f"/v1/widget/conversations/{self.plan['conversation']}/messages"
        parts = [self._frames()]
        for _ in range(LANES):
            parts += [
                self._ask("conversations", "/v1/widget/conversations", "Hello"),
                self._ask("messages", talk, "m" * 10_000),
                self._ask("tickets", "/v1/socket-tickets", None),
            ]
        await asyncio.gather(*parts)
        opened = len(self.sockets)
        for socket in self.sockets:
            socket.transport.abort()
        return {
            "statuses": {kind: dict(each) for kind, each in self.statuses.items()},
            "begun": self.begun,
            "sent": self.sent,
            "sockets": opened,
            "cut": self.cut,
        }

    async def _ask(self, kind: str, path: str, text: str | None) -> None:
        """Ask over one connection, its part of the kind's rate."""
        reader, writer = await asyncio.open_connection(self.plan["host"], self.plan["port"])
        began = monotonic()
        for number in count():
            due = began + number * LANES / RATES[kind]
            if due >= self.ends:
                break
            await asyncio.sleep(due - monotonic())
            said = {"text": text, "client_id": new_id("c")[2:]}
            body = json.dumps(said).encode() if text else b""
            writer.write(self._head(path, len(body)) + body)
            status, answer = await _answer(reader)
            self.statuses[kind][status] += 1
            if status == 201:
                self._note(kind, answer)
            elif status == 200 and kind == "tickets" and len(self.sockets) < SOCKETS:
                await self._open(answer)
        writer.close()

    def _head(self, path: str, size: int) -> bytes:
        return (
            f"POST {path} HTTP/1.1\r\nHost: {self.plan['host']}:{self.plan['port']}\r\n"
            f"Authorization: Bearer {self.plan['token']}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {size}\r\n\r\n"
        ).encode()

    def _note(self, kind: str, answer: Any) -> None:
        if kind == "conversations":
            self.begun.append(answer["conversation"]["id"])
        else:
            self.sent.append(answer["seq"])

    async def _open(self, ticket: dict[str, Any]) -> None:
        with suppress(OSError, WebSocketException):
            url = f"{ticket['url']}?ticket={ticket['ticket']}"
            self.sockets.append(await connect(url, compression=None, ping_interval=None))

    async def _frames(self) -> None:
        """Presence of another page each time, on one socket after the other."""
        began = monotonic()
        for number in count():
            due = began + number / RATES["frames"]
            if due >= self.ends:
                return
            await asyncio.sleep(due - monotonic())
            if self.sockets:
                await self._say(self.sockets[number % len(self.sockets)], number)

    async def _say(self, socket: ClientConnection, number: int) -> None:
        page = {"url": f"https://flood.example/{number}", "title": "t" * 200}
        frame = {"action": "presence", "page": page, "state": "active"}
        try:
            # One whose server doesn't read keeps the others waiting no longer than this.
            async with asyncio.timeout(0.05):
                await socket.send(json.dumps(frame))
                self.statuses["frames"][0] += 1
        except TimeoutError:
            self.statuses["frames"][1] += 1
        except WebSocketException:
            self.sockets.remove(socket)
            self.cut += 1


async def _answer(reader: asyncio.StreamReader) -> tuple[int, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
    body = await reader.readexactly(length)
    return int(head.split(" ", 2)[1]), json.loads(body) if body else None


if __name__ == "__main__":
    json.dump(asyncio.run(Flood(json.load(sys.stdin)).run()), sys.stdout)

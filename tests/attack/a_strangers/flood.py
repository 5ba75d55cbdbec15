"""A flood, a process of its own, which heeds nothing that it is told.

    python -m tests.attack.a_strangers.flood < plan.json > result.json

A plan is {"host", "port", "seconds", "frames", "asks": [{"kind", "path", "method", "token",
"body", "rate", "lanes"}, …]}: each is asked `rate` times a second over so many connections; `{id}`
in a body is fresh each time. A kind called `tickets` opens sockets with what it gets, over which
`frames` presence frames a second are sent. The result has the answers' statuses by kind, the ids
and numbers of what was begun or sent, how many sockets opened and how many of them were cut.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from chalicelib.kit.ids import new_id

SOCKETS = 300


class Flood:
    """What its parts share."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.ends = monotonic() + plan["seconds"]
        self.statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.begun: list[str] = []
        self.sent: list[int] = []
        self.sockets: list[ClientConnection] = []
        self.cut = 0

    async def run(self) -> dict[str, Any]:
        lanes = [self._ask(ask) for ask in self.plan["asks"] for _ in range(ask["lanes"])]
        await asyncio.gather(self._frames(self.plan["frames"]), *lanes)
        opened = len(self.sockets) + self.cut
        for socket in self.sockets:
            socket.transport.abort()
        return {
            "statuses": self.statuses,
            "begun": self.begun,
            "sent": self.sent,
            "sockets": opened,
            "cut": self.cut,
        }

    async def _ask(self, ask: dict[str, Any]) -> None:
        """Ask over one connection, its part of the rate."""
        reader, writer = await asyncio.open_connection(self.plan["host"], self.plan["port"])
        began = monotonic()
        for number in count():
            due = began + number * ask["lanes"] / ask["rate"]
            if due >= self.ends:
                break
            await asyncio.sleep(due - monotonic())
            body = ask["body"].replace("{id}", new_id("c")[2:]).encode()
            writer.write(self._head(ask, len(body)) + body)
            status, answer = await _answer(reader)
            self.statuses[ask["kind"]][status] += 1
            await self._note(ask["kind"], status, answer)
        writer.close()

    def _head(self, ask: dict[str, Any], size: int) -> bytes:
        token = f"Authorization: Bearer {ask['token']}\r\n" if ask["token"] else ""
        return (
            f"{ask['method']} {ask['path']} HTTP/1.1\r\n"
            f"Host: {self.plan['host']}:{self.plan['port']}\r\n{token}"
            f"Content-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
        ).encode()

    async def _note(self, kind: str, status: int, answer: Any) -> None:
        if status == 201 and kind == "conversations":
            self.begun.append(answer["conversation"]["id"])
        elif status == 201 and kind == "messages":
            self.sent.append(answer["seq"])
        elif status == 200 and kind == "tickets" and len(self.sockets) < SOCKETS:
            with suppress(OSError, WebSocketException):
                url = f"{answer['url']}?ticket={answer['ticket']}"
                self.sockets.append(await connect(url, compression=None, ping_interval=None))

    async def _frames(self, rate: float) -> None:
        """Presence of another page each time, on one socket after the other."""
        began = monotonic()
        for number in count() if rate else ():
            due = began + number / rate
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
        except TimeoutError:
            self.statuses["frames"][429] += 1
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

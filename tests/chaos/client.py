"""A client as protocol/ has it in TypeScript: REST is the truth, the socket a hint.

What it writes waits in an outbox and is sent again under the same `client_id` until it is
acknowledged; what it shows is a fold over answers, frames and pages, by `seq`.
"""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from infra.local.settings import HOST

_PAGE = 100
_PATIENCE = 10.0
BROKEN = (OSError, EOFError, ValueError, TimeoutError, WebSocketException)


@dataclass
class Thread:
    """One conversation as a client shows it: messages by `seq`."""

    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    whole: int = 0
    """Up to this `seq` nothing is missing."""

    def take(self, message: dict[str, Any]) -> None:
        """Show a message; the same one may come again, another under its `seq` must not."""
        known = self.messages.setdefault(message["seq"], message)
        if known["id"] != message["id"]:
            raise AssertionError(f"two messages with seq {message['seq']}")
        while self.whole + 1 in self.messages:
            self.whole += 1

    @property
    def shown(self) -> list[tuple[int, str, str]]:
        """What a person sees, in order: seq, client_id, text."""
        return [(seq, one["client_id"], one["text"]) for seq, one in sorted(self.messages.items())]


class Client:
    """A visitor (with `own` conversations) or an operator (who watches all that it is given)."""

    def __init__(
        self, name: str, port: int, token: str, conversations: list[str], *, operator: bool
    ) -> None:
        self.name = name
        self.threads = {each: Thread() for each in conversations}
        self.acknowledged: dict[str, tuple[str, str]] = {}
        """client_id → conversation and text."""
        self.frames = 0
        self.resends = 0
        self.connects = 0
        self._port = port
        self._token = token
        self._operator = operator
        self._dice = random.Random(name)
        self._behind = asyncio.Event()

    async def live(self) -> None:
        """Stay connected and caught up, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._stay_connected())
            group.create_task(self._stay_caught_up())

    async def write(self, lines: list[tuple[str, str]]) -> None:
        """Send (conversation, text) one after the other, each until it is acknowledged."""
        for number, (conversation_id, text) in enumerate(lines):
            await self._deliver(conversation_id, text, f"{self.name}-{number:05}")

    async def _deliver(self, conversation_id: str, text: str, client_id: str) -> None:
        body = {"text": text, "client_id": client_id}
        while True:
            try:
                status, told = await self.ask("POST", self._path(conversation_id), body)
            except BROKEN:
                status, told = 0, None
            if status == 201 and told is not None:
                self.threads[conversation_id].take(told)
                self.acknowledged[client_id] = (conversation_id, text)
                return
            if status and status not in {409, 429, 502, 503, 504}:
                raise AssertionError(f"{self.name} was refused: {status} {told}")
            self.resends += 1
            await asyncio.sleep(self._dice.uniform(0, 0.2))

    async def _stay_connected(self) -> None:
        while True:
            with suppress(*BROKEN, AssertionError):
                status, ticket = await self.ask("POST", "/v1/socket-tickets", None)
                if status == 200:
                    await self._listen(ticket["ticket"])
            await asyncio.sleep(self._dice.uniform(0, 0.3))

    async def _listen(self, ticket: str) -> None:
        url = f"ws://{HOST}:{self._port}/v1/socket?ticket={ticket}"
        async with connect(url, open_timeout=_PATIENCE, close_timeout=0.1) as socket:
            self.connects += 1
            await self._enter(socket)
            async for text in socket:
                self._hear(json.loads(text))

    async def _enter(self, socket: ClientConnection) -> None:
        """Subscribe, and once that counts (a ping is answered after it) look what was missed."""
        if self._operator:
            await socket.send(json.dumps({"action": "subscribe", "topic": "conversations"}))
        await socket.send(json.dumps({"action": "ping"}))
        self._behind.set()

    def _hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "pong":
            self._behind.set()
        if frame["type"] != "message.created":
            return
        self.frames += 1
        message = frame["data"]["message"]
        thread = self.threads[message["conversation_id"]]
        thread.take(message)
        if thread.whole < max(thread.messages):
            self._behind.set()

    async def _stay_caught_up(self) -> None:
        while True:
            await self._behind.wait()
            self._behind.clear()
            try:
                for conversation_id, thread in self.threads.items():
                    await self._catch_up(conversation_id, thread)
            except BROKEN:
                self._behind.set()
                await asyncio.sleep(self._dice.uniform(0, 0.2))

    async def _catch_up(self, conversation_id: str, thread: Thread) -> None:
        """Fetch what comes after the last message without a gap before it."""
        while True:
            path = f"{self._path(conversation_id)}?after_seq={thread.whole}&limit={_PAGE}"
            status, page = await self.ask("GET", path, None)
            if status != 200:
                raise ConnectionError(status)
            for message in page["data"]:
                thread.take(message)
            if len(page["data"]) < _PAGE:
                return

    def _path(self, conversation_id: str) -> str:
        side = "" if self._operator else "/widget"
        return f"/v1{side}/conversations/{conversation_id}/messages"

    async def ask(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """One request over a connection of its own; raises one of `BROKEN` without an answer."""
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            "Connection: close\r\n\r\n"
        )
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(HOST, self._port)
            try:
                writer.write(head.encode() + content)
                answer = await reader.readuntil(b"\r\n\r\n")
                length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                text = await reader.readexactly(length)
            finally:
                writer.transport.abort()
        return int(answer.split(b" ", 2)[1]), json.loads(text) if text else None

"""Over sockets: how soon what is sent is seen, and what an open socket costs."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import quantiles
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from infra.local.testing import LocalFoyer
from tests.bench.actions import People
from tests.bench.machine import Processes, cpu, resident, settle

MESSAGES = 200
VISITORS = 500
_REFRESHES = 3


def ask(foyer: LocalFoyer, method: str, path: str, token: str = "", body: Any = None) -> Any:
    """One request, for set-ups."""
    request = urllib.request.Request(
        foyer.url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        if token
        else {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def latency(foyer: LocalFoyer, people: People) -> dict[str, dict[str, float]]:
    """Milliseconds from the moment a message is sent to that when the other side has it."""
    return asyncio.run(_latency(foyer, people))


async def _latency(foyer: LocalFoyer, people: People) -> dict[str, dict[str, float]]:
    visitor, conversation = people.talking[0]
    async with socket(foyer, people.operator) as team, socket(foyer, visitor) as customer:
        await team.send(json.dumps({"action": "subscribe", "topic": "conversations"}))
        await asyncio.sleep(0.5)
        to_team = f"/v1/widget/conversations/{conversation}/messages"
        to_customer = f"/v1/conversations/{conversation}/messages"
        return {
            "visitor to operator": await _latencies(foyer, visitor, to_team, team),
            "operator to visitor": await _latencies(foyer, people.operator, to_customer, customer),
        }


async def _latencies(
    foyer: LocalFoyer, token: str, path: str, socket: ClientConnection
) -> dict[str, float]:
    taken = []
    for number in range(MESSAGES):
        client_id = f"seen-{time.time_ns()}-{number}"
        began = time.perf_counter()
        sending = asyncio.create_task(
            asyncio.to_thread(
                ask, foyer, "POST", path, token, {"text": "Hello", "client_id": client_id}
            )
        )
        async with asyncio.timeout(10):
            async for frame in socket:
                told = json.loads(frame)
                if told["type"] != "message.created":
                    continue
                if told["data"]["message"]["client_id"] == client_id:
                    break
        taken.append(1000 * (time.perf_counter() - began))
        await sending
        await asyncio.sleep(0.02)
    cuts = quantiles(taken, n=100)
    return {"p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2)}


def crowd(foyer: LocalFoyer, processes: Processes, people: People) -> dict[str, float]:
    """What `VISITORS` open sockets with presence cost; memory is the application's."""
    return asyncio.run(_crowd(foyer, processes, people))


async def _crowd(foyer: LocalFoyer, processes: Processes, people: People) -> dict[str, float]:
    tokens, people.fresh[:] = people.fresh[:VISITORS], people.fresh[VISITORS:]
    before = resident(processes.application)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(socket(foyer, token)) for token in tokens]
        await _all_present(sockets, processes)
        after = resident(processes.application)
        spent = cpu(processes)
        began = time.monotonic()
        for _ in range(_REFRESHES):
            await _all_present(sockets, processes)
        done = settle(processes).since(spent)
        took = time.monotonic() - began
        online = ask(foyer, "GET", "/v1/visitors?limit=1", people.operator)
        if not online["data"]:
            raise RuntimeError("nobody is online")
    refreshes = VISITORS * _REFRESHES
    return {
        "sockets": VISITORS,
        "memory_kb_per_socket": round(1000 * (after - before) / VISITORS, 1),
        "refresh_application_cpu_ms": round(1000 * done.application / refreshes, 3),
        "refresh_engine_cpu_ms": round(1000 * done.engine / refreshes, 3),
        "refreshes_per_second": round(refreshes / took, 1),
    }


async def _all_present(sockets: list[ClientConnection], processes: Processes) -> None:
    frame = {
        "action": "presence",
        "page": {"url": "https://shop.example/cart", "title": "Cart"},
        "state": "active",
    }
    for socket in sockets:
        await socket.send(json.dumps(frame))
    # A ping is answered after what was sent before it on the same socket.
    for socket in sockets:
        await socket.send(json.dumps({"action": "ping"}))
    for socket in sockets:
        async with asyncio.timeout(60):
            while json.loads(await socket.recv())["type"] != "pong":
                continue
    del processes


@asynccontextmanager
async def socket(foyer: LocalFoyer, token: str) -> AsyncIterator[ClientConnection]:
    """An open socket of whoever's token it is."""
    ticket = await asyncio.to_thread(ask, foyer, "POST", "/v1/socket-tickets", token)
    async with connect(
        f"{ticket['url']}?ticket={ticket['ticket']}", ping_interval=None, compression=None
    ) as socket:
        yield socket

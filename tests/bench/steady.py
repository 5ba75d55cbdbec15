"""How a machine bears load that goes on: messages a second, and how late they are seen.

    python -m tests.bench.steady [--seconds 120] [--clients 8]

Visitors post messages as fast as they are answered while a dashboard's socket listens; a line for
every ten seconds. "behind" is how many answered messages the dashboard hasn't had by then, "late"
the time from the request to the frame.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from infra.local.settings import HOST
from infra.local.testing import LocalFoyer
from tests.bench.live import ask, socket
from tests.bench.machine import cpu, processes_of

_LINE = 10.0
_SETTLED_WITHIN = 120.0


@dataclass
class Run:
    """What the clients and the listening dashboard share; times by `perf_counter`."""

    ends: float
    sent: dict[str, float] = field(default_factory=dict)
    answered: int = 0
    seen: int = 0
    late: list[float] = field(default_factory=list)
    refused: int = 0


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--seconds", type=float, default=120.0)
    options.add_argument("--clients", type=int, default=8)
    chosen = options.parse_args()
    with LocalFoyer(env={"FOYER_LIMITS": "0"}) as foyer:
        asyncio.run(steady(foyer, chosen.clients, chosen.seconds))


async def steady(foyer: LocalFoyer, clients: int, seconds: float) -> None:
    """Drive a machine and print a line for every ten seconds."""
    owner, talks = await asyncio.to_thread(_people, foyer, 3 * clients)
    async with socket(foyer, owner) as team:
        await team.send(json.dumps({"action": "subscribe", "topic": "conversations"}))
        await asyncio.sleep(0.5)
        run = Run(perf_counter() + seconds)
        listening = asyncio.create_task(_listen(team, run))
        driving = [asyncio.create_task(_post(foyer.port, talks, n, run)) for n in range(clients)]
        before = cpu(processes_of(foyer))
        for number in range(round(seconds / _LINE)):
            answered, run.late = run.answered, []
            await asyncio.sleep(_LINE)
            now = cpu(processes_of(foyer))
            done = run.answered - answered
            spent, before = now.since(before), now
            late = sorted(run.late) or [0.0]
            print(
                f"{(number + 1) * _LINE:4.0f} s  {done / _LINE:6.1f} messages/s"
                f"  behind {run.answered - run.seen:5d}"
                f"  late p50 {1000 * late[len(late) // 2]:6.0f} ms"
                f"  p95 {1000 * late[int(len(late) * 0.95)]:6.0f} ms"
                f"  CPU a message: application {1000 * spent.application / max(1, done):.2f} ms,"
                f" engine {1000 * spent.engine / max(1, done):.2f} ms",
                flush=True,
            )
        await asyncio.gather(*driving)
        began = perf_counter()
        while run.seen < run.answered and perf_counter() < began + _SETTLED_WITHIN:
            await asyncio.sleep(0.02)
        print(f"{run.answered} answered, {run.refused} refused, {run.seen} seen", flush=True)
        print(f"the last {perf_counter() - began:.1f} s after the load", flush=True)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _listen(team: Any, run: Run) -> None:
    async for frame in team:
        told = json.loads(frame)
        if told["type"] != "message.created":
            continue
        began = run.sent.pop(told["data"]["message"]["client_id"], None)
        if began is not None:
            run.seen += 1
            run.late.append(perf_counter() - began)


async def _post(port: int, talks: list[tuple[str, str]], client: int, run: Run) -> None:
    """Three conversations in turn, so that no two clients meet in one."""
    reader, writer = await asyncio.open_connection(HOST, port)
    number = 0
    while perf_counter() < run.ends:
        token, conversation = talks[3 * client + number % 3]
        client_id = f"steady-{client:03}-{number:07}"
        content = json.dumps({"text": f"Hello {number}", "client_id": client_id}).encode()
        head = (
            f"POST /v1/widget/conversations/{conversation}/messages HTTP/1.1\r\n"
            f"Host: {HOST}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        run.sent[client_id] = perf_counter()
        writer.write(head.encode() + content)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        if answer.split(b" ", 2)[1] == b"201":
            run.answered += 1
        else:
            run.refused += 1
            del run.sent[client_id]
        number += 1
    writer.close()


def _people(foyer: LocalFoyer, visitors: int) -> tuple[str, list[tuple[str, str]]]:
    """The operator's token; each visitor's token and conversation."""
    body = {
        "email": "olga@bench.example",
        "password": "correct horse 7",
        "name": "Olga",
        "workspace_name": "Bench",
    }
    token = ask(foyer, "POST", "/v1/auth/signup", body=body)["access_token"]
    key = ask(foyer, "GET", "/v1/workspace", token)["widget_key"]
    session = {
        "widget_key": key,
        "page": {"url": "https://shop.example/", "title": "Shop", "referrer": ""},
    }
    talks = []
    for number in range(visitors):
        visitor = ask(foyer, "POST", "/v1/widget/session", body=session)["token"]
        first = {"text": "Hello", "client_id": f"first-{number:05}"}
        started = ask(foyer, "POST", "/v1/widget/conversations", visitor, first)
        talks.append((visitor, started["conversation"]["id"]))
    return token, talks


if __name__ == "__main__":
    main()

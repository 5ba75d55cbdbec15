"""How many messages a second reach dashboards, at 15 ms a post.

    python -m tests.bench.fan_out

`consume_outbox` as Lambda calls it, a hundred messages in as many batches as there are invocations
at a time, each in a process of its own, against an engine in memory; the sockets' API is a process
that answers each post after 15 ms, as API Gateway does. One workspace, twenty conversations. "late"
is how long a message waited at most when 100 came at once. More invocations than this machine has
cores say nothing of Lambda, where each has its own. What is logged goes to build/fan-out.log.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import redirect_stderr
from time import perf_counter

from tests import conftest  # isort: skip - the environment comes first

from chalicelib.platform import transport
from chalicelib.platform.config import config
from chalicelib.realtime import store
from infra.local.settings import ROOT
from infra.local.stream import queue
from infra.packaging.tables import ensure_tables
from tests.bench.invocation import Invocation
from tests.support.sockets import Management
from tests.support.team import Guest, Team, sign_up

DASHBOARDS = (10, 50, 100, 200)
AT_ONCE = (1, 2, 4)
CONVERSATIONS = 20
MESSAGES = 100
POST_SECONDS = 0.015
LOG = ROOT / "build" / "fan-out.log"


def main() -> None:
    try:
        ensure_tables(transport, config().prefix)
        ensure_tables(transport, config().prefix, queue.TABLES)
        management = Management()
        _post_to(management.endpoint)
        team = sign_up(management)
        guests = [team.guest() for _ in range(CONVERSATIONS)]
        talks = [(guest, guest.start()["conversation"]["id"]) for guest in guests]
        team.socket(team.owner, "conversations")
        team.pump()
        key = store.topic_key(team.workspace_id, "conversations")
        (example,) = store.Row.query(key)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.bench.fan_out", "serve"], stdout=subprocess.PIPE
        ) as slow:
            if slow.stdout is None:
                raise RuntimeError("the slow API can't say where it listens")
            _post_to(f"http://127.0.0.1:{int(slow.stdout.readline())}")
            _measure(team, talks, key, example)
            slow.kill()
        management.close()
    finally:
        conftest.pytest_unconfigure()


def _measure(team: Team, talks: list[tuple[Guest, str]], key: str, example: store.Row) -> None:
    invocations = [Invocation() for _ in range(max(AT_ONCE))]
    for dashboards in DASHBOARDS:
        for number in range(dashboards):
            copy = store.Row(topic=key, id=f"Dash{number}=", topics=example.topics)
            copy.expires_at = example.expires_at
            copy.save()
        for at_once in AT_ONCE:
            for number in range(MESSAGES):
                guest, talk = talks[number % len(talks)]
                guest.say(talk, f"line {number}")
            records = team.records()
            began = perf_counter()
            for place, one in enumerate(invocations[:at_once]):
                one.begin(records[place::at_once])
            cpu = sum(one.end() for one in invocations[:at_once])
            took = perf_counter() - began
            print(
                f"{dashboards:4} dashboards  {at_once} at a time  {len(records) / took:7.1f}"
                f" messages/s  late {took:5.2f} s  CPU {1000 * cpu / len(records):5.1f} ms each",
                flush=True,
            )
    for one in invocations:
        one.stop()


def _post_to(endpoint: str) -> None:
    os.environ["FOYER_SOCKET_ENDPOINT"] = endpoint
    config.cache_clear()


async def serve() -> None:
    """The sockets' API: 200 after a while, whatever is posted."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
                await reader.readexactly(int(length or 0))
                await asyncio.sleep(POST_SECONDS)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        LOG.parent.mkdir(exist_ok=True)
        with LOG.open("w") as log, redirect_stderr(log):
            main()

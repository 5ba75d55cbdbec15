"""The four things people do all day, at 1, 8 and 32 clients at once."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from typing import Any

from infra.local.settings import HOST, ROOT
from infra.local.testing import LocalFoyer
from tests.bench.machine import Processes, cpu, settle

CLIENTS = (1, 8, 32)
SECONDS = 4.0
STARTS_AT_MOST = 1_800
_numbers = count(1)


@dataclass(frozen=True)
class People:
    """Who acts: an operator, visitors who talk already (token, conversation), new ones."""

    operator: str
    talking: list[tuple[str, str]]
    fresh: list[str]


@dataclass(frozen=True)
class Figures:
    """What one action cost at one number of clients; milliseconds."""

    action: str
    clients: int
    requests: int
    per_second: float
    p50: float
    p95: float
    p99: float
    application_cpu: float
    engine_cpu: float


def measure(foyer: LocalFoyer, processes: Processes, people: People) -> list[Figures]:
    """Every action at every number of clients."""
    host = f"{HOST}:{foyer.port}"
    _drive(foyer, 8, _list(host, people), once=False, seconds=2.0)
    found = []
    for clients in CLIENTS:
        for action, requests, once in (
            ("visitor's message", _messages(host, people), True),
            ("list of 50 conversations", _list(host, people), False),
            ("reading 50 messages", _reading(host, people), False),
            ("start a chat", _starts(host, people), True),
        ):
            before = settle(processes)
            result = _drive(foyer, clients, requests, once=once, seconds=SECONDS)
            # What follows an answer (events, frames) is part of its price.
            spent = settle(processes).since(before)
            found.append(_figures(action, clients, result, spent.application, spent.engine))
    cpu(processes)
    return found


def _drive(
    foyer: LocalFoyer, clients: int, requests: list[str], *, once: bool, seconds: float
) -> dict[str, Any]:
    plan = {
        "host": HOST,
        "port": foyer.port,
        "clients": clients,
        "seconds": seconds,
        "once": once,
        "requests": requests,
    }
    driver = subprocess.run(
        [sys.executable, "-m", "tests.bench.drive"],
        cwd=ROOT,
        input=json.dumps(plan).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    result: dict[str, Any] = json.loads(driver.stdout)
    refused = {code: n for code, n in result["statuses"].items() if not code.startswith("2")}
    if refused:
        raise RuntimeError(f"the machine refused: {refused}")
    return result


def _figures(
    action: str, clients: int, result: dict[str, Any], application: float, engine: float
) -> Figures:
    latencies = [1000 * each for each in result["latencies"]]
    cuts = quantiles(latencies, n=100)
    done = len(latencies)
    return Figures(
        action=action,
        clients=clients,
        requests=done,
        per_second=round(done / result["seconds"], 1),
        p50=round(cuts[49], 2),
        p95=round(cuts[94], 2),
        p99=round(cuts[98], 2),
        application_cpu=round(1000 * application / done, 3),
        engine_cpu=round(1000 * engine / done, 3),
    )


def _messages(host: str, people: People) -> list[str]:
    return [
        post(
            host,
            f"/v1/widget/conversations/{conversation}/messages",
            token,
            {"text": _message(number), "client_id": f"bench-{number:07d}"},
        )
        for turn in range(400)
        for token, conversation in people.talking[: 24 + turn % 8]
        for number in [next(_numbers)]
    ]


def _starts(host: str, people: People) -> list[str]:
    new, people.fresh[:] = people.fresh[:STARTS_AT_MOST], people.fresh[STARTS_AT_MOST:]
    return [
        post(
            host,
            "/v1/widget/conversations",
            token,
            {"text": _message(number), "client_id": f"bench-{number:07d}"},
        )
        for token in new
        for number in [next(_numbers)]
    ]


def _list(host: str, people: People) -> list[str]:
    return [get(host, "/v1/conversations?limit=50", people.operator)]


def _reading(host: str, people: People) -> list[str]:
    return [
        get(host, f"/v1/widget/conversations/{conversation}/messages?limit=50", token)
        for token, conversation in people.talking[32:]
    ]


def get(host: str, path: str, token: str) -> str:
    """A request's bytes as text."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"


def post(host: str, path: str, token: str, body: dict[str, Any]) -> str:
    """A request's bytes as text."""
    text = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
    )


def _message(number: int) -> str:
    return f"Hello, my order {number} hasn't arrived yet; could you have a look at it, please?"

"""A flood by one visitor slows down nobody but that visitor."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import quantiles
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from chalicelib.kit.ids import new_id
from infra.local.demo.client import ApiClient, Refused
from infra.local.settings import HOST, ROOT
from infra.local.testing import LocalFoyer

SECONDS = 8
OTHERS = 5
BEGIN = "/v1/widget/conversations"
HELLO = {"text": "Hello", "client_id": "{id}"}
SOON = 0.5
"""Seconds within which nineteen of twenty things are done for everybody else."""
PAGE = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}


@pytest.fixture(scope="module")
def foyer() -> Iterator[LocalFoyer]:
    with LocalFoyer() as machine:
        yield machine


class Shop:
    """A workspace with its owner and one visitor, who has begun a conversation."""

    def __init__(self, foyer: LocalFoyer, name: str) -> None:
        nobody = ApiClient(foyer.url)
        person = {"email": f"{name}@{name}.example", "password": "correct horse 9"}
        told = nobody.ask(
            "POST", "/v1/auth/signup", {**person, "name": name, "workspace_name": name}
        )
        self._nobody = nobody
        self.owner_token: str = told["access_token"]
        self.owner = nobody.client_for(self.owner_token)
        self.key = self.owner.ask("GET", "/v1/workspace")["widget_key"]
        self.token = self.another_visitor()
        self.visitor = nobody.client_for(self.token)
        begun = self.visitor.ask(
            "POST", "/v1/widget/conversations", {"text": "Hello", "client_id": client_id()}
        )
        self.conversation: str = begun["conversation"]["id"]

    def another_visitor(self) -> str:
        """The token of one who has just come."""
        body = {"widget_key": self.key, "page": PAGE}
        token: str = self._nobody.ask("POST", "/v1/widget/session", body)["token"]
        return token

    def socket(self, whose: ApiClient) -> ClientConnection:
        ticket = whose.ask("POST", "/v1/socket-tickets")
        return connect(f"{ticket['url']}?ticket={ticket['ticket']}")

    def seqs(self) -> list[int]:
        """What is in the conversation, by numbers."""
        found: list[int] = []
        while True:
            path = f"/v1/conversations/{self.conversation}/messages?limit=100"
            page = self.owner.ask("GET", f"{path}&after_seq={found[-1] if found else 0}")["data"]
            if not page:
                return found
            found += [each["seq"] for each in page]


def client_id() -> str:
    return new_id("c")[2:]


def ask(kind: str, path: str, token: str = "", body: Any = None, **more: Any) -> dict[str, Any]:
    """One kind of request of a flood, by default a hundred a second over sixteen connections."""
    text = "" if body is None else json.dumps(body)
    common = {"kind": kind, "path": path, "token": token, "body": text, "method": "POST"}
    return {**common, "rate": 100, "lanes": 16, **more}


def flood(foyer: LocalFoyer, seconds: float, *asks: Any, frames: int = 0) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.attack.a_strangers.flood"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin
    plan = {"host": HOST, "port": foyer.port, "seconds": seconds, "frames": frames, "asks": asks}
    json.dump(plan, process.stdin)
    process.stdin.close()
    return process


def lived_through(
    flooding: subprocess.Popen[str], calm: Shop, seconds: float, within: float
) -> Any:
    """Another workspace goes on as ever during a flood; what became of the flood."""
    life = Life(calm)
    with flooding as process:
        life.go_on(time.monotonic() + seconds)
        assert process.stdout
        told = json.loads(process.stdout.read())
    slow = life.p95()
    assert all(p95 < within for p95 in slow.values()), (slow, within)
    assert calm.seqs() == life.acknowledged
    return told


class Life:
    """What another workspace does meanwhile, and how long each thing took, in seconds."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.took: dict[str, list[float]] = {}
        self.acknowledged = [1]

    def p95(self) -> dict[str, float]:
        """Within how long nineteen of twenty were done, in seconds."""
        return {
            what: round(quantiles(took, n=20, method="inclusive")[-1], 3)
            for what, took in self.took.items()
        }

    def go_on(self, until: float) -> None:
        shop, talk = self._shop, self._shop.conversation
        with shop.socket(shop.owner) as team, shop.socket(shop.visitor) as browser:
            team.send(json.dumps({"action": "subscribe", "topic": "conversations"}))
            wait_for(team, "subscribed")
            while time.monotonic() < until:
                self._say(shop.visitor, f"/v1/widget/conversations/{talk}/messages", team)
                self._say(shop.owner, f"/v1/conversations/{talk}/messages", browser)
                self._time("read", lambda: shop.owner.ask("GET", "/v1/conversations"))
                time.sleep(0.1)  # a lively talk, and yet for minutes within a visitor's budget

    def _say(self, whose: ApiClient, path: str, other: ClientConnection) -> None:
        body = {"text": "How much is it?", "client_id": client_id()}
        began = time.monotonic()
        sent = self._time("send", lambda: whose.ask("POST", path, body))
        self.acknowledged.append(sent["seq"])
        wait_for(other, "message.created", sent["id"])
        self.took.setdefault("seen", []).append(time.monotonic() - began)

    def _time(self, what: str, do: Any) -> Any:
        began = time.monotonic()
        answer = do()
        self.took.setdefault(what, []).append(time.monotonic() - began)
        return answer


def write_without_end(visitor: ApiClient) -> None:
    for _ in range(200):
        body = {"text": "Hello", "client_id": client_id()}
        visitor.ask("POST", "/v1/widget/conversations", body)


def wait_for(socket: ClientConnection, kind: str, message_id: str = "") -> None:
    ends = time.monotonic() + 30
    while True:
        frame = json.loads(socket.recv(timeout=max(0.0, ends - time.monotonic())))
        said = (frame.get("data") or {}).get("message") or {}
        if frame["type"] == kind and message_id in ("", said.get("id")):
            return


@pytest.fixture(scope="module")
def soon(foyer: LocalFoyer) -> float:
    """What counts as no slower, in seconds: half a second, or some times what this machine needs
    without a flood, where others keep it busy.
    """
    life = Life(Shop(foyer, "before"))
    life.go_on(time.monotonic() + 2)
    return max(SOON, 5 * max(life.p95().values()))


def test_a_flood_by_one_visitor_slows_down_no_other_workspace_and_loses_nothing(
    foyer: LocalFoyer, soon: float
) -> None:
    flooded, calm = Shop(foyer, "flooded"), Shop(foyer, "calm")
    talk = f"/v1/widget/conversations/{flooded.conversation}/messages"
    asks = [
        ask("conversations", BEGIN, flooded.token, HELLO, rate=280),
        ask("messages", talk, flooded.token, {**HELLO, "text": "m" * 10_000}),
        ask("tickets", "/v1/socket-tickets", flooded.token),
    ]
    told = lived_through(flood(foyer, SECONDS, *asks, frames=500), calm, SECONDS, soon)

    # It was a flood, and next to nothing of it was done.
    statuses = told["statuses"]
    assert sum(statuses["conversations"].values()) > 100 * SECONDS
    for kind in ("conversations", "messages", "tickets"):
        assert statuses[kind].keys() <= {"200", "201", "429"}, kind
        assert statuses[kind]["429"] > 0.9 * sum(statuses[kind].values()), kind
    assert told["sockets"] <= 40

    # What was acknowledged is there.
    assert set(told["sent"]) <= set(flooded.seqs())
    listed = flooded.visitor.ask("GET", "/v1/widget/conversations?limit=100")["data"]
    assert {flooded.conversation, *told["begun"]} == {each["id"] for each in listed}


def crowd(foyer: LocalFoyer) -> list[dict[str, Any]]:
    """Thirty visitors of one workspace, all at once."""
    shop = Shop(foyer, "crowded")
    tokens = [shop.another_visitor() for _ in range(30)]
    return [ask("conversations", BEGIN, each, HELLO, rate=15, lanes=1) for each in tokens]


def strangers(foyer: LocalFoyer) -> list[dict[str, Any]]:
    """Nobody that is known: sessions, passwords, made-up credentials and paths."""
    key = Shop(foyer, "besieged").key
    guess = {"email": "olga@besieged.example", "password": "guess {id}"}
    return [
        ask("sessions", "/v1/widget/session", body={"widget_key": key, "page": PAGE}),
        ask("passwords", "/v1/auth/login", body=guess, rate=40),
        ask("tokens", "/v1/conversations", "made.up.token", method="GET"),
        ask("paths", "/v1/nothing/{id}", method="GET"),
    ]


def operators(foyer: LocalFoyer) -> list[dict[str, Any]]:
    """Another workspace's own team, by a script that has gone wild."""
    shop = Shop(foyer, "wild")
    ids = [shop.conversation] * 200
    closing = {"action": "close", "ids": ids}
    answer = f"/v1/conversations/{shop.conversation}/messages"
    return [
        ask("lists", "/v1/conversations?limit=100", shop.owner_token, method="GET", rate=200),
        ask("bulk", "/v1/conversations/bulk", shop.owner_token, closing, rate=50),
        ask("messages", answer, shop.owner_token, {**HELLO, "text": "m" * 10_000}),
    ]


@pytest.mark.parametrize(("who", "times"), [(crowd, 3), (strangers, 1), (operators, 1)])
def test_nor_does_a_flood_by_others(
    foyer: LocalFoyer,
    soon: float,
    who: Callable[[LocalFoyer], list[dict[str, Any]]],
    times: int,
) -> None:
    """A crowd has thirty budgets: what it may do is all that a small machine can."""
    calm = Shop(foyer, f"calm-beside-{who.__name__}")
    lived_through(flood(foyer, OTHERS, *who(foyer)), calm, OTHERS, soon * times)


def test_who_flooded_may_write_again_as_soon_as_it_was_told(foyer: LocalFoyer) -> None:
    shop = Shop(foyer, "sorry")
    body = {"text": "Hello", "client_id": client_id()}
    with pytest.raises(Refused, match="429"):
        write_without_end(shop.visitor)
    with pytest.raises(Refused) as told:
        shop.visitor.ask("POST", "/v1/widget/conversations", body)
    time.sleep(told.value.retry_after)
    assert told.value.retry_after <= 5
    assert shop.visitor.ask("POST", "/v1/widget/conversations", body)["message"]["seq"] == 1

"""A flood by one visitor slows down nobody but that visitor."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import quantiles
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from chalicelib.kit.ids import new_id
from infra.local.client import ApiClient, Refused
from infra.local.settings import HOST, ROOT
from infra.local.testing import LocalFoyer

SECONDS = 12
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
        self.owner = nobody.known_as(told["access_token"])
        self.key = self.owner.ask("GET", "/v1/workspace")["widget_key"]
        session = nobody.ask("POST", "/v1/widget/session", {"widget_key": self.key, "page": PAGE})
        self.token: str = session["token"]
        self.visitor = nobody.known_as(self.token)
        begun = self.visitor.ask(
            "POST", "/v1/widget/conversations", {"text": "Hello", "client_id": client_id()}
        )
        self.conversation: str = begun["conversation"]["id"]

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


def flood(foyer: LocalFoyer, shop: Shop) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.attack.a_strangers.flood"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin
    plan = {
        "host": HOST, "port": foyer.port, "token": shop.token,
        "conversation": shop.conversation, "seconds": SECONDS,
    }  # fmt: skip
    json.dump(plan, process.stdin)
    process.stdin.close()
    return process


class Life:
    """What another workspace does meanwhile, and how long each thing took, in seconds."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.took: dict[str, list[float]] = {}
        self.acknowledged = [1]

    def go_on(self, until: float) -> None:
        shop, talk = self._shop, self._shop.conversation
        with shop.socket(shop.owner) as team, shop.socket(shop.visitor) as browser:
            team.send(json.dumps({"action": "subscribe", "topic": "conversations"}))
            wait_for(team, "subscribed")
            while time.monotonic() < until:
                self._say(shop.visitor, f"/v1/widget/conversations/{talk}/messages", team)
                self._say(shop.owner, f"/v1/conversations/{talk}/messages", browser)
                self._time("read", lambda: shop.owner.ask("GET", "/v1/conversations"))
                time.sleep(0.7)  # a visitor's budget is a message each 0.6 s, with what is read

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


def test_a_flood_by_one_visitor_slows_down_no_other_workspace_and_loses_nothing(
    foyer: LocalFoyer,
) -> None:
    flooded, calm = Shop(foyer, "flooded"), Shop(foyer, "calm")
    life = Life(calm)
    with flood(foyer, flooded) as process:
        life.go_on(time.monotonic() + SECONDS)
        assert process.stdout
        told = json.loads(process.stdout.read())
    slow = {what: round(quantiles(took, n=20)[-1], 3) for what, took in life.took.items()}
    assert all(p95 < SOON for p95 in slow.values()), slow

    # It was a flood, and next to nothing of it was done.
    statuses = told["statuses"]
    assert sum(statuses["conversations"].values()) > 100 * SECONDS
    for kind in ("conversations", "messages", "tickets"):
        assert statuses[kind].keys() <= {"200", "201", "429"}, kind
        assert statuses[kind]["429"] > 0.9 * sum(statuses[kind].values()), kind
    assert told["cut"] >= 1

    # What was acknowledged is there, of both.
    assert calm.seqs() == life.acknowledged
    assert set(told["sent"]) <= set(flooded.seqs())
    listed = flooded.visitor.ask("GET", "/v1/widget/conversations?limit=100")["data"]
    assert {flooded.conversation, *told["begun"]} == {each["id"] for each in listed}


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

"""Whatever is dropped, doubled, reordered, cut or killed: everybody ends with the same thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from infra.local.testing import LocalFoyer
from tests.bench.live import ask
from tests.chaos.client import Client
from tests.chaos.proxy import CALM, Proxy, Weather

SEED = 20_260
VISITORS = OPERATORS = 10
LINES_EACH = 100
ALL = (VISITORS + OPERATORS) * LINES_EACH
KILLED_AFTER = (600, 1_300)
WITHIN = 90.0
CONVERGED_WITHIN = 25.0


class Crowd:
    """Twenty clients behind a bad network, in a thread of their own."""

    def __init__(self, foyer: LocalFoyer, token: str, guests: list[tuple[str, str]]) -> None:
        self.clients: list[Client] = []
        self.proxy = Proxy(foyer.port, SEED, Weather())
        self._token = token
        self._guests = guests
        self._calmed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def has_written(self, amount: int) -> bool:
        """Whether so many messages are acknowledged; raises what went wrong on the way."""
        if self._failure is not None:
            raise self._failure
        return sum(len(client.acknowledged) for client in self.clients) >= amount

    def calm(self) -> None:
        """The weather clears; everybody connects anew, as after a sleep."""

        def clear() -> None:
            self.proxy.weather = CALM
            self.proxy.cut_all()

        self._loop.call_soon_threadsafe(clear)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._calmed.set)
        self._thread.join(10)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._live())
            except BaseException as error:
                self._failure = error

    async def _live(self) -> None:
        await self.proxy.start()
        conversations = [conversation for _, conversation in self._guests]
        for number, (token, conversation) in enumerate(self._guests):
            self.clients.append(
                Client(f"visitor{number}", self.proxy.port, token, [conversation], operator=False)
            )
        for number in range(OPERATORS):
            name = f"operator{number}"
            self.clients.append(
                Client(name, self.proxy.port, self._token, conversations, operator=True)
            )
        living = [asyncio.create_task(client.live()) for client in self.clients]
        await asyncio.gather(*(client.write(_lines(client)) for client in self.clients))
        await self._calmed.wait()
        for task in living:
            task.cancel()
        await asyncio.gather(*living, return_exceptions=True)
        await self.proxy.stop()


@pytest.mark.slow("talks for a minute while everything breaks")
def test_every_client_ends_with_exactly_the_acknowledged_messages() -> None:
    with LocalFoyer(env={"FOYER_LIMITS": "0"}) as foyer:
        token, guests = _people(foyer)
        crowd = Crowd(foyer, token, guests)
        began = time.monotonic()
        crowd.start()
        for amount in KILLED_AFTER:
            _until(partial(crowd.has_written, amount), WITHIN)
            foyer.kill9()
            foyer.restart()
        _until(partial(crowd.has_written, ALL), WITHIN)
        took = time.monotonic() - began
        crowd.calm()
        truth = {each: _truth(foyer, token, each) for _, each in guests}
        _until(lambda: all(_agrees(client, truth) for client in crowd.clients), CONVERGED_WITHIN)
        crowd.stop()

    sent = {key: said for client in crowd.clients for key, said in client.acknowledged.items()}
    assert len(sent) == ALL
    for conversation, messages in truth.items():
        assert [seq for seq, _, _ in messages] == list(range(1, len(messages) + 1))
        kept = {client_id: text for _, client_id, text in messages[1:]}
        assert len(kept) == len(messages) - 1
        assert kept == {key: text for key, (where, text) in sent.items() if where == conversation}
    assert took < WITHIN
    # The weather was bad, and the sockets were of use all the same.
    assert crowd.proxy.mishaps > 500
    assert sum(client.resends for client in crowd.clients) > 50
    assert sum(client.frames for client in crowd.clients) > 500


def _people(foyer: LocalFoyer) -> tuple[str, list[tuple[str, str]]]:
    """The operator's token; each visitor's token and conversation."""
    owner = ask(
        foyer,
        "POST",
        "/v1/auth/signup",
        body={
            "email": "olga@chaos.example",
            "password": "correct horse 7",
            "name": "Olga",
            "workspace_name": "Chaos",
        },
    )
    token = owner["access_token"]
    key = ask(foyer, "GET", "/v1/workspace", token)["widget_key"]
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    guests = []
    for number in range(VISITORS):
        body = {"widget_key": key, "page": page}
        visitor = ask(foyer, "POST", "/v1/widget/session", body=body)["token"]
        first = {"text": "Hello", "client_id": f"first-{number:05}"}
        started = ask(foyer, "POST", "/v1/widget/conversations", visitor, first)
        guests.append((visitor, started["conversation"]["id"]))
    return token, guests


def _lines(client: Client) -> list[tuple[str, str]]:
    """What a client will say, and where: visitors at home, operators everywhere in turn."""
    own = list(client.threads)
    return [(own[n % len(own)], f"{client.name} says {n}") for n in range(LINES_EACH)]


def _truth(foyer: LocalFoyer, token: str, conversation: str) -> list[tuple[int, str, str]]:
    found: list[Any] = []
    while True:
        after = found[-1]["seq"] if found else 0
        path = f"/v1/conversations/{conversation}/messages?limit=100&after_seq={after}"
        page = ask(foyer, "GET", path, token)["data"]
        if not page:
            return [(each["seq"], each["client_id"], each["text"]) for each in found]
        found += page


def _agrees(client: Client, truth: dict[str, list[tuple[int, str, str]]]) -> bool:
    return all(thread.shown == truth[each] for each, thread in client.threads.items())


def _until(holds: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)

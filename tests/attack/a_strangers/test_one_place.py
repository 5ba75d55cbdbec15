"""Who comes from one place under many names is in others' way no more than who has one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from ipaddress import ip_network

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from infra.local.application import Application
from infra.local.gateway.asgi import App
from infra.local.gateway.limits import AWS
from infra.local.gateway.proxies import TrustedProxies
from infra.local.gateway.workers import Workers
from tests.local.conftest import Notes, application, call_notes
from tests.local.serving import Serving, until

__all__ = ["application", "call_notes"]

FEW = replace(AWS, connections=16)


def behind_a_proxy(app: App) -> App:
    """Whoever asks is where `X-Forwarded-For` says."""
    return TrustedProxies(app, [ip_network("127.0.0.1/32")])


@contextmanager
def socket_from(serving: Serving, address: str) -> Iterator[ClientConnection]:
    headers = {"X-Forwarded-For": address}
    with connect(f"{serving.url}?ticket=t", additional_headers=headers) as opened:
        yield opened


def is_refused(serving: Serving, address: str) -> bool:
    try:
        with socket_from(serving, address):
            return False
    except InvalidStatus as refusal:
        return refusal.response.status_code == 429 and "Retry-After" in refusal.response.headers


@pytest.mark.parametrize(
    ("theirs", "one_more", "another"),
    [
        (["198.51.100.7"] * 4, "198.51.100.7", "198.51.100.8"),
        (["2001:db8:5:1::1"] * 4, "2001:db8:5:1::2", "2001:db8:6::1"),
        # One line is given many networks.
        ([f"2001:db8:5:{n}::1" for n in range(4)], "2001:db8:5:ff::1", "2001:db8:6::1"),
        (["::ffff:198.51.100.7", "198.51.100.7"] * 2, "198.51.100.7", "198.51.100.8"),
        (["someone"] * 4, "nobody", "198.51.100.8"),
    ],
)
def test_sockets_of_one_place_leave_others_connections(
    application: Application, call_notes: Notes, theirs: list[str], one_more: str, another: str
) -> None:
    with Serving(application, limits=FEW, through=behind_a_proxy) as serving, ExitStack() as open_:
        first, *_ = [open_.enter_context(socket_from(serving, each)) for each in theirs]
        assert is_refused(serving, one_more)
        assert not is_refused(serving, another)
        assert serving.ask("GET", "/v1/health", headers={"X-Forwarded-For": one_more}).status == 200
        first.close()
        until(lambda: not is_refused(serving, one_more))


def test_some_places_together_leave_others_connections(
    application: Application, call_notes: Notes
) -> None:
    """Sixteen connections are fourteen sockets, four of a place; four places have taken all."""
    with Serving(application, limits=FEW, through=behind_a_proxy) as serving, ExitStack() as open_:
        for number in range(14):
            last = open_.enter_context(socket_from(serving, f"198.51.100.{number % 4}"))
        newcomers = []
        for number in range(4):
            newcomers.append(open_.enter_context(socket_from(serving, f"203.0.113.{number}")))
            until(lambda: serving.sockets._places.total() == 14)
        assert all(each.ping().wait(5) for each in (last, *newcomers))
        assert sorted(serving.sockets._places.values()) == [1, 1, 1, 1, 2, 2, 3, 3]
        assert serving.ask("GET", "/v1/health", headers={"X-Forwarded-For": "nobody"}).status == 200


def test_who_has_as_many_as_the_others_throws_nobody_out(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application, limits=FEW, through=behind_a_proxy) as serving, ExitStack() as open_:
        alone = [
            open_.enter_context(socket_from(serving, f"203.0.113.{number}")) for number in range(14)
        ]
        assert is_refused(serving, "203.0.113.99")
        assert all(each.ping().wait(5) for each in alone)


def test_a_machines_own_sockets_have_no_place(application: Application, call_notes: Notes) -> None:
    with Serving(application, limits=FEW) as serving, ExitStack() as open_:
        for _ in range(6):
            open_.enter_context(connect(f"{serving.url}?ticket=t"))
        assert serving.ask("GET", "/v1/health").status == 200


@pytest.mark.parametrize("theirs", ["203.0.113.5", "2001:db8:5:{0}::{0}"])
def test_many_credentials_take_no_more_turns_than_one(
    application: Application, call_notes: Notes, theirs: str
) -> None:
    """Whatever stands in `Authorization` is looked at only when its turn has come."""

    def flood(number: int) -> int:
        told = {
            "X-Forwarded-For": theirs.format(number + 1),
            "Authorization": f"Bearer {number}",
        }
        return serving.ask("GET", "/v1/slow?seconds=0.2", headers=told).status

    workers = Workers(1, waiting_limit=11)
    with (
        Serving(application, workers=workers, through=behind_a_proxy) as serving,
        ThreadPoolExecutor(12) as crowd,
    ):
        flooding = [crowd.submit(flood, number) for number in range(12)]
        until(lambda: workers.pending == 12)
        began = time.monotonic()
        answer = serving.ask("GET", "/v1/health", headers={"X-Forwarded-For": "198.51.100.8"})
        assert answer.status == 200
        assert time.monotonic() - began < 1
        statuses = sorted(each.result() for each in flooding)
        assert statuses == [200] * 11 + [429]

"""One frame to many sockets: bounded in time, and large audiences keep no small one waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import BotoCoreError

from chalicelib.platform import sockets
from chalicelib.platform.config import config
from chalicelib.platform.sockets import Posted

SLOW = 0.02


class Endpoint:
    """A management API that takes its time; connections named `gone…` are."""

    def __init__(self) -> None:
        endpoint = self
        self.taken = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(SLOW)
                endpoint.taken += 1
                self.send_response(410 if "gone" in self.path else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    served = Endpoint()
    monkeypatch.setenv("FOYER_SOCKET_ENDPOINT", served.url)
    config.cache_clear()
    yield served
    monkeypatch.undo()
    config.cache_clear()
    served.server.shutdown()
    served.server.server_close()


def audience(count: int, name: str = "c") -> list[str]:
    return [f"{name}{number}" for number in range(count)]


def test_everybody_gets_it_and_who_is_gone_is_told_apart(endpoint: Endpoint) -> None:
    told = sockets.post_all([*audience(60), *audience(3, "gone")], b"{}")
    assert [told[each] for each in audience(60)] == [Posted.SENT] * 60
    assert [told[each] for each in audience(3, "gone")] == [Posted.GONE] * 3
    assert endpoint.taken == 63


def test_what_takes_too_long_is_given_up(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "FAN_OUT", 0.2)
    began = time.monotonic()
    told = sockets.post_all(audience(2_000), b"{}")
    assert time.monotonic() - began < 2
    assert set(told.values()) == {Posted.SENT, Posted.LATE}
    assert len(told) == 2_000


def test_a_large_audience_keeps_no_small_one_waiting(endpoint: Endpoint) -> None:
    with ThreadPoolExecutor(4) as pool:
        large = [pool.submit(sockets.post_all, audience(1_000, f"l{n}-"), b"{}") for n in range(4)]
        while endpoint.taken < 50:
            time.sleep(0.001)
        told = sockets.post_all(audience(5), b"{}")
        assert not any(each.done() for each in large)
        assert set(told.values()) == {Posted.SENT}
        assert all(each.result() for each in large)


def test_an_endpoint_that_nobody_can_be_reached_at_is_no_silent_loss(endpoint: Endpoint) -> None:
    endpoint.server.shutdown()
    endpoint.server.server_close()
    for count in (1, 5):
        with pytest.raises(BotoCoreError):
            sockets.post_all(audience(count), b"{}")

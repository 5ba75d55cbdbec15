"""Clients that send half and wait, never read, or come in crowds: they only harm themselves."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from infra.local.application import Application
from infra.local.gateway.limits import AWS
from tests.local.conftest import Notes, application, call_notes
from tests.local.serving import Serving, until

__all__ = ["application", "call_notes"]

QUICK = replace(AWS, head_seconds=0.5, receive_seconds=0.5, send_seconds=0.5)
HEAD = b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"
CHUNKED = b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
HALVES = {
    "a request line": b"POST /v1/ec",
    "headers": b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    "a body": HEAD + b"half",
    "no body": HEAD,
    "a chunk": CHUNKED + b"9\r\nab",
    "chunks without an end": CHUNKED + b"1\r\na\r\n",
    "a body that was asked to wait": HEAD.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"),
    "a second request": b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n" + HEAD + b"half",
}


@contextmanager
def peer(serving: Serving) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", serving.port), timeout=8) as opened:
        yield opened


def everything(opened: socket.socket) -> bytes:
    """What is said until the other side hangs up."""
    said = b""
    try:
        while part := opened.recv(65536):
            said += part
    except ConnectionResetError:
        pass
    return said


def drip(opened: socket.socket, part: bytes, *, pause: float, times: int) -> int:
    """Send the same part again and again until the other side hangs up; how often that went."""
    for sent in range(times):
        try:
            opened.sendall(part)
        except OSError:
            return sent
        time.sleep(pause)
    return times


@pytest.mark.parametrize("half", HALVES)
def test_half_a_request_is_told_that_its_time_is_up(
    application: Application, call_notes: Notes, half: str
) -> None:
    with Serving(application, limits=QUICK) as serving, peer(serving) as opened:
        opened.sendall(HALVES[half])
        began = time.monotonic()
        last = everything(opened).split(b"HTTP/1.1 ")[-1]
        assert 0.3 < time.monotonic() - began < 4
        assert last.startswith(b"408 Request Timeout")
        assert b"connection: close" in last
        assert b"application/problem+json" in last
        assert serving.ask("GET", "/v1/health").status == 200


def test_a_byte_now_and_then_buys_no_more_time(application: Application, call_notes: Notes) -> None:
    with Serving(application, limits=QUICK) as serving, peer(serving) as opened:
        began = time.monotonic()
        opened.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        drip(opened, b"X-Slow: 1\r\n", pause=0.1, times=80)
        assert time.monotonic() - began < 4


@pytest.mark.parametrize("said", [b"", b"\r\n", b"\r\n\r\n"])
def test_whoever_says_nothing_is_let_go_of_silently(
    application: Application, call_notes: Notes, said: bytes
) -> None:
    with Serving(application, limits=QUICK) as serving, peer(serving) as opened:
        opened.sendall(said)
        began = time.monotonic()
        assert everything(opened) == b""
        assert time.monotonic() - began < 4


def test_a_body_that_is_cut_off_never_reaches_the_application(
    application: Application, call_notes: Notes
) -> None:
    asked: list[object] = []

    def counting(event: object, _request_id: object) -> object:
        asked.append(event)
        return {"statusCode": 200}

    with Serving(replace(application, rest=counting), limits=QUICK) as serving:
        for half in ("a body", "no body", "a chunk", "chunks without an end"):
            with peer(serving) as opened:
                opened.sendall(HALVES[half])
                opened.shutdown(socket.SHUT_WR)
            with peer(serving) as opened:
                opened.sendall(HALVES[half])
                everything(opened)
        assert serving.ask("GET", "/v1/health").status == 200
    assert len(asked) == 1, "but for the last, all were unfinished"


def test_a_head_without_end_is_cut_off(application: Application, call_notes: Notes) -> None:
    with Serving(application) as serving, peer(serving) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        sent = drip(opened, b"X-Large: " + b"x" * 4000 + b"\r\n", pause=0.001, times=1000)
        assert sent < 1000
        assert serving.ask("GET", "/v1/health").status == 200


def test_a_crowd_throws_out_its_own_and_others_are_served(
    application: Application, call_notes: Notes
) -> None:
    limits = replace(AWS, waiting_connections=20)
    with Serving(application, limits=limits) as serving, ExitStack() as stack:
        crowd = [stack.enter_context(peer(serving)) for _ in range(60)]
        for one in crowd:
            one.sendall(b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\n")
        for _ in range(5):
            assert serving.ask("GET", "/v1/health").status == 200
        first = everything(crowd[0])
        assert first == b"" or first.startswith(b"HTTP/1.1 408")
        crowd[-1].sendall(b"Content-Length: 0\r\n\r\n")
        assert crowd[-1].recv(100).startswith(b"HTTP/1.1 200"), "who comes last is heard"


def test_more_connections_than_there_is_room_for_are_told_so(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application, limits=replace(AWS, connections=5)) as serving, ExitStack() as stack:
        crowd = [stack.enter_context(peer(serving)) for _ in range(5)]
        with peer(serving) as sixth:
            assert everything(sixth).startswith(b"HTTP/1.1 503 ")
        crowd.pop().close()
        until(lambda: serving.ask("GET", "/v1/health").status == 200)


def test_bodies_in_memory_are_bounded_together(application: Application, call_notes: Notes) -> None:
    limits = replace(AWS, held_bodies=200_000)
    head = HEAD.replace(b"10", b"100000")
    with Serving(application, limits=limits) as serving, ExitStack() as stack:
        crowd = [stack.enter_context(peer(serving)) for _ in range(4)]
        for one in crowd:
            one.sendall(head + b"x" * 90_000)
        assert everything(crowd[0]).startswith(b"HTTP/1.1 408"), "the slowest makes room"
        assert serving.ask("POST", "/v1/echo", b"x" * 50_000).status == 200


def test_a_reader_that_does_not_read_is_cut_off(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application, limits=QUICK) as serving, ExitStack() as stack:
        opened = stack.enter_context(socket.socket())
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.settimeout(10)
        opened.connect(("127.0.0.1", serving.port))
        opened.sendall(b"GET /v1/large?size=5000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(2)  # longer than it may: the bound is what is tested
        assert len(everything(opened)) < 5_000_000


def test_many_requests_on_one_connection_are_all_answered(
    application: Application, call_notes: Notes
) -> None:
    """Bounds start anew with each request, and pipelined ones are no half ones."""
    one = b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi"
    with Serving(application, limits=QUICK) as serving, peer(serving) as opened:
        opened.sendall(one * 5)
        said = b""
        while said.count(b"HTTP/1.1 200") < 5:
            said += opened.recv(65536)
        for answered in range(6, 10):
            time.sleep(0.2)
            opened.sendall(one)
            while said.count(b"HTTP/1.1 200") < answered or not said.endswith(b"}"):
                said += opened.recv(65536)
        assert b"HTTP/1.1 408" not in said

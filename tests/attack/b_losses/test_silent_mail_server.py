"""A mail server that hangs, drips or floods holds up little and nobody for long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from chalicelib.platform import mail, smtp
from chalicelib.platform.config import config
from chalicelib.platform.mail import Mail, NotSent

MAIL = Mail(to="ben@people.example", subject="s", text="t", html="<p>h</p>")


def drips(peer: socket.socket) -> None:
    """A byte now and then, so that something always comes in time."""
    while True:
        peer.sendall(b"2")
        time.sleep(0.05)


def drips_later(peer: socket.socket) -> None:
    peer.sendall(b"220 mail.example ready\r\n")
    peer.recv(1000)
    while True:
        peer.sendall(b"250-x\r\n")
        time.sleep(0.05)


def floods(peer: socket.socket) -> None:
    while True:
        peer.sendall(b"220-more\r\n" * 1000)


@contextmanager
def server(behaves: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[int]]]:
    """Its URL, and an entry for each connection that came."""
    came: list[int] = []

    def converse(peer: socket.socket) -> None:
        with suppress(OSError), peer:
            behaves(peer)

    def accept() -> None:
        with suppress(OSError):
            while True:
                peer, _ = listening.accept()
                came.append(1)
                threading.Thread(target=converse, args=(peer,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}?tls=off", came
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], float]]:
    """Sends a mail that can't be sent; the seconds that this takes."""

    def seconds_to_send(url: str) -> float:
        monkeypatch.setenv("FOYER_SMTP_URL", url)
        config.cache_clear()
        began = time.monotonic()
        with pytest.raises(NotSent):
            mail.send(MAIL)
        return time.monotonic() - began

    monkeypatch.setenv("FOYER_MAIL_FROM", "hi@foyer.example")
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    monkeypatch.setattr(smtp, "ALL_WITHIN", 0.6)
    yield seconds_to_send
    monkeypatch.undo()
    config.cache_clear()


@pytest.mark.parametrize("behaves", [drips, drips_later])
def test_a_server_that_says_a_little_now_and_then_has_an_end(
    send: Callable[[str], float], behaves: Callable[[socket.socket], None]
) -> None:
    with server(behaves) as (url, _):
        assert send(url) < 5


def test_a_server_that_says_more_than_there_is_to_say_is_not_heard_out(
    send: Callable[[str], float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "ALL_WITHIN", 60.0)
    with server(floods) as (url, _):
        assert send(url) < 5


def test_a_server_that_did_not_answer_is_not_waited_for_again_at_once(
    send: Callable[[str], float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty invitations would else hold up a workspace's messages for fifty times that long."""
    with server(lambda _: time.sleep(5)) as (url, came):
        assert send(url) >= 0.3
        for _ in range(50):
            send(url)
        assert len(came) == 1
        monkeypatch.setattr(smtp, "REST", 0.0)
        assert send(url) >= 0.3
        assert len(came) == 2


def test_a_refusal_is_no_silence(send: Callable[[str], float]) -> None:
    with server(lambda peer: peer.sendall(b"421 closing\r\n")) as (url, came):
        for _ in range(3):
            send(url)
        assert len(came) == 3

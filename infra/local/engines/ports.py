"""Ports: free ones for the engines, the asked ones for people."""

from __future__ import annotations

import errno
import secrets
import socket

from infra.local.problems import CannotStart
from infra.local.settings import HOST

_TRIES = 20


def free_ports(count: int) -> list[int]:
    """Ports on the loopback address that nobody listens on right now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def hidden_place() -> tuple[str, int] | None:
    """A random address of this machine's own network and a free port of it: 40 bits in all.

    A page can ask whatever it can name, so what no page may reach is where none finds it; closed
    ports of all these addresses answer alike, so there is no way to find the address first. None
    where the system has only 127.0.0.1 (macOS).
    """
    for _ in range(_TRIES):
        address = f"127.{_byte()}.{_byte()}.{_byte()}"
        port = 1024 + secrets.randbelow(65536 - 1024)
        try:
            with socket.socket() as one:
                one.bind((address, port))
        except OSError as problem:
            if problem.errno == errno.EADDRNOTAVAIL:
                return None
            continue
        return address, port
    return None


def _byte() -> int:
    return 1 + secrets.randbelow(254)


def are_free(ports: list[int]) -> bool:
    """Whether nobody listens on any of these ports."""
    for port in ports:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind((HOST, port))
            except OSError:
                return False
    return True


def listen(port: int, *, mend: str) -> socket.socket:
    """A socket bound to a port of the loopback address; 0 takes a free one.

    Raises:
        CannotStart: The port is taken or not allowed; `mend` ends the sentence.
    """
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by what comes in: without it asyncio's own loop answers 40 ms late (Nagle).
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        bound.bind((HOST, port))
        bound.listen(2048)
    except OSError as problem:
        bound.close()
        why = "is in use" if problem.errno == errno.EADDRINUSE else f"can't be used ({problem})"
        raise CannotStart(f"Port {port} {why}: {mend}") from None
    bound.setblocking(False)
    return bound

"""Hashing passwords: scrypt (RFC 7914) with OWASP's parameters, kept inside each hash.

`n=2^15, r=8, p=3` is one of the equivalent settings of the "Password Storage Cheat Sheet": 32 MB
and about 0.2 s each. Hashes made with other parameters stay good and are renewed at sign-in.

    $scrypt$ln=15,r=8,p=3$<salt, base64>$<hash, base64>

Hashing is dear on purpose, and the threads that serve visitors are few where there is one
machine. So it has a room of its own: `IN_ALL` requests are in it at most, and one more of somebody
who is known. Whoever comes then is told to come again at once, and one processor is left to
everybody else.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chalicelib.auth.domain import normalize_password
from chalicelib.kit.problems import Unavailable

IN_ALL = 4
"""Requests that hash or wait for it, at most, in a process."""

_SALT_BYTES = 16
_HASH_BYTES = 32
_AT_ONCE = max(1, min(2, (os.cpu_count() or 1) - 1))
_RETRY_AFTER = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """scrypt's parameters: memory is 128 · 2^log_n · r bytes, time grows with all three."""

    log_n: int
    r: int
    p: int

    @property
    def memory(self) -> int:
        """Bytes to allow OpenSSL: what scrypt needs, and as much again for its own."""
        return 2 * 128 * self.r * ((1 << self.log_n) + self.p)


OWASP = Cost(log_n=15, r=8, p=3)
CURRENT = OWASP
"""What new hashes are made with (tests take something quicker)."""

ROOM = threading.BoundedSemaphore(IN_ALL)
"""(Tests that sign in sixteen at once take a larger one.)"""
RESERVED_FOR_KNOWN = threading.BoundedSemaphore(1)
"""A flood of strangers fills the room, and keeps nobody out who signs in where they did before."""
# Each hash takes 32 MB.
_places = threading.BoundedSemaphore(_AT_ONCE)
_mine = threading.local()


@contextmanager
def room(*, is_known: bool = False) -> Iterator[None]:
    """Where passwords are hashed. Whoever counts tries goes in before: who is sent away tried none.

    `is_known` says that it is somebody whose device or session tells them from strangers.

    Raises:
        Unavailable: It is full; nobody waits for that.
    """
    if getattr(_mine, "inside", False):
        yield
        return
    places = (ROOM, RESERVED_FOR_KNOWN) if is_known else (ROOM,)
    place = next((each for each in places if each.acquire(blocking=False)), None)
    if place is None:
        raise Unavailable(
            "Too many sign-ins at once; try again in a moment",
            retry_after=_RETRY_AFTER,
            code="auth.busy",
        )
    _mine.inside = True
    try:
        yield
    finally:
        _mine.inside = False
        place.release()


def hash_password(password: str) -> str:
    """A new hash of a password. Raises Unavailable when the room is full."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return _encode(CURRENT, salt, _derive(password, salt, CURRENT))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether `password_hash` is a hash of the password. Without one it is as slow, and False.

    Raises:
        Unavailable: The room is full.
    """
    cost, salt, digest = _decode(password_hash or _dummy_hash(CURRENT))
    return hmac.compare_digest(_derive(password, salt, cost), digest) and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _decode(password_hash)[0] != CURRENT


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    with room(), _places:
        return hashlib.scrypt(
            normalize_password(password).encode(),
            salt=salt,
            n=1 << cost.log_n,
            r=cost.r,
            p=cost.p,
            maxmem=cost.memory,
            dklen=_HASH_BYTES,
        )


@functools.lru_cache(maxsize=4)
def _dummy_hash(cost: Cost) -> str:
    """A hash that nothing matches; only its parameters count."""
    return _encode(cost, secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_HASH_BYTES))


def _encode(cost: Cost, salt: bytes, digest: bytes) -> str:
    parameters = f"ln={cost.log_n},r={cost.r},p={cost.p}"
    return f"$scrypt${parameters}${_base64(salt)}${_base64(digest)}"


def _decode(password_hash: str) -> tuple[Cost, bytes, bytes]:
    _, _, parameters, salt, digest = password_hash.split("$")
    log_n, r, p = (int(part.partition("=")[2]) for part in parameters.split(","))
    return Cost(log_n, r, p), base64.b64decode(salt), base64.b64decode(digest)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

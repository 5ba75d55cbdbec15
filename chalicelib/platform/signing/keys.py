"""Signing keys: derived per purpose from the root secrets of this deployment.

The root secrets (`key_ring`) are read on first use and again every four minutes, so a rotation
reaches every warm process by itself; what was signed with a key that this process doesn't know
yet makes it look at once, though not more often than every few seconds. While the place can't be
reached, the keys that are held stay good.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import logging
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.signing import key_places
from chalicelib.platform.signing.key_ring import Ring

log = logging.getLogger("foyer.keys")

HELD_FOR = 240.0
"""Seconds after which the root secrets are read again. With the minute for which a token's
signature is remembered (`edge.tokens`), a retired key has ended everywhere after five minutes."""
LOOK_EVERY = 5.0
"""Seconds between two looks for a key that isn't known: strangers may name any."""


class _Cache:
    """The ring that this process knows. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ring: Ring | None = None
        self._looked_at = 0.0

    def ring(self, no_older_than: float | None = None) -> Ring:
        """The ring, read again if it was read longer ago than so many seconds (`HELD_FOR`)."""
        age = HELD_FOR if no_older_than is None else no_older_than
        ring = self._ring
        if ring is not None and time.monotonic() - self._looked_at < age:
            return ring
        with self._lock:
            if self._ring is None or time.monotonic() - self._looked_at >= age:
                self._ring = self._load(self._ring)
                self._looked_at = time.monotonic()
            return self._ring

    def forget(self) -> None:
        with self._lock:
            self._ring = None

    @staticmethod
    def _load(former: Ring | None) -> Ring:
        try:
            return key_places.load()
        except (OSError, ValueError, BotoCoreError, ClientError):
            if former is None:
                raise
            log.exception("the root keys can't be read; those that are held stay in use")
            return former


_cache = _Cache()


def signing_key(purpose: str) -> tuple[str, bytes]:
    """What signs now: the key's id, and 32 bytes that differ for each purpose."""
    name, secret = _cache.ring().signing[0]
    return name, _derive(secret, purpose)


def checking_key(purpose: str, name: str) -> bytes | None:
    """The key of this id and purpose; None when there is none, or none any more."""
    for age in (HELD_FOR, LOOK_EVERY):
        for each, secret in _cache.ring(age).signing:
            if each == name:
                return _derive(secret, purpose)
    return None


def checking_keys(purpose: str) -> tuple[bytes, ...]:
    """All keys that count for a purpose, the newest first."""
    return tuple(_derive(secret, purpose) for _, secret in _cache.ring().signing)


def lasting_key(purpose: str) -> bytes:
    """For what has to come out the same for ever, ids above all. It opens nothing by itself."""
    return _derive(_cache.ring().names, purpose)


def forget() -> None:
    """Read the secrets again on next use (tests that change what is kept under us)."""
    _cache.forget()


@functools.lru_cache(maxsize=128)
def _derive(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, purpose.encode(), hashlib.sha256)

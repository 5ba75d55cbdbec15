"""Prefixed ULIDs (github.com/ulid/spec): 48 bits of milliseconds, 80 random bits, in base 32.

They sort by time of making; within one process they never go backwards, so events written by one
process keep their order. Ids only name and order: within a millisecond each is a random step ahead
of the one before, but nothing may be opened by knowing one. What opens comes from `secrets`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from datetime import datetime
from typing import Annotated

import msgspec

# Longer than any id of ours; a table's key may be neither empty nor longer than 1024 bytes.
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_RANDOM_BITS = 80
_STEP_BITS = 64
# Further ahead than a minute, the clock was wrong then and is right now.
_STEADY = 60_000 << _RANDOM_BITS

_lock = threading.Lock()
_last = 0


def new_id(prefix: str) -> str:
    """A fresh id such as `cnv_01J…`; `prefix` is without the underscore."""
    return f"{prefix}_{_crockford(_next())}"


def id_at(prefix: str, at: datetime) -> str:
    """What stands before every `new_id` made from then on."""
    return f"{prefix}_{_crockford(int(at.timestamp() * 1000) << _RANDOM_BITS)}"


def derived_id(prefix: str, key: bytes, *parts: str) -> str:
    """An id that follows from `parts` for whoever has `key`, and tells nobody else anything."""
    digest = hmac.digest(key, "\x00".join(parts).encode(), hashlib.sha256)
    return f"{prefix}_{_crockford(int.from_bytes(digest[:16]) >> 1)}"


def is_id(value: str, prefix: str) -> bool:
    """Whether `value` has the form of an id with this prefix (not whether it exists)."""
    head, _, tail = value.partition("_")
    return head == prefix and _ULID.fullmatch(tail) is not None


def _next() -> int:
    global _last
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    step = 1 + secrets.randbits(_STEP_BITS)
    with _lock:
        ahead = _last - number
        _last = _last + step if 0 <= ahead < _STEADY else number
        return _last


def _crockford(number: int) -> str:
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))

"""Opaque, signed cursors: where a list goes on, bound to its workspace and its filter.

A cursor from another workspace, another list or another filter is refused, and so is one that
was changed: its position holds table keys, which nobody may choose for themselves.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import msgspec

from chalicelib.kit.problems import invalid
from chalicelib.platform.signing.keys import checking_keys, signing_key

_TAG = 16
_PURPOSE = "cursors"


def seal(position: Any, *scope: str) -> str:
    """A cursor for `position` (JSON-able) in the list that `scope` names."""
    body = msgspec.json.encode(position)
    _, key = signing_key(_PURPOSE)
    return base64.urlsafe_b64encode(_tag(key, body, scope) + body).rstrip(b"=").decode()


def unseal(cursor: str, *scope: str) -> Any:
    """The position that `seal` was given.

    Raises:
        Invalid: Not a cursor of ours for this list.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise invalid("cursor", "is not a cursor of this list") from error
    tag, body = raw[:_TAG], raw[_TAG:]
    if not any(hmac.compare_digest(tag, _tag(key, body, scope)) for key in checking_keys(_PURPOSE)):
        raise invalid("cursor", "is not a cursor of this list")
    return msgspec.json.decode(body)


def _tag(key: bytes, body: bytes, scope: tuple[str, ...]) -> bytes:
    bound = "\x00".join(scope).encode() + b"\x00" + body
    return hmac.digest(key, bound, hashlib.sha256)[:_TAG]

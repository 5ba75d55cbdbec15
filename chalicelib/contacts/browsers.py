"""What a browser is known by: part of the contacts service.

A visitor's secret is made here and kept by its browser alone: 32 bytes from `secrets`, and a tag
under a key of ours that says for which workspace we made it. The tag opens nothing; it keeps out
what a client thought up itself, which others could guess. The visitor's id follows from the secret
and not the other way round, so ids may be shown, and nothing has to be kept or read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

from chalicelib.kit.ids import derived_id
from chalicelib.platform.signing.keys import lasting_key

_RANDOM_BYTES = 32
_TAG_BYTES = 16
_FORM = re.compile(r"[A-Za-z0-9_-]{64}")


@dataclass(frozen=True, slots=True)
class Browser:
    """A visitor's id, and the secret that it follows from."""

    visitor_id: str
    secret: str


def new_browser(workspace_id: str) -> Browser:
    """A visitor that nobody knows yet."""
    random = secrets.token_bytes(_RANDOM_BYTES)
    secret = base64.urlsafe_b64encode(random + _tag(workspace_id, random)).decode()
    return Browser(_visitor_id(workspace_id, random), secret)


def find_browser(workspace_id: str, secret: Any) -> Browser | None:
    """The visitor that has this secret; None if we never made it for this workspace."""
    if not isinstance(secret, str) or not _FORM.fullmatch(secret):
        return None
    raw = base64.urlsafe_b64decode(secret)
    random, tag = raw[:_RANDOM_BYTES], raw[_RANDOM_BYTES:]
    if not hmac.compare_digest(tag, _tag(workspace_id, random)):
        return None
    return Browser(_visitor_id(workspace_id, random), secret)


def _visitor_id(workspace_id: str, random: bytes) -> str:
    return derived_id("vis", random, "foyer visitor", workspace_id)


def _tag(workspace_id: str, random: bytes) -> bytes:
    message = workspace_id.encode() + b"\x00" + random
    return hmac.digest(lasting_key("visitor secrets"), message, hashlib.sha256)[:_TAG_BYTES]

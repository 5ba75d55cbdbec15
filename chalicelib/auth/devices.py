"""Devices that a person has signed in on, so that strangers' wrong passwords don't keep them out.

A sign-in answers a secret that the browser keeps when its session ends, and shows when it signs in
again (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It opens nothing: tries
from a known device are only counted by themselves. The login's row holds hashes of the latest few,
which go when the password changes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from chalicelib.auth import domain
from chalicelib.auth.store import Login

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
_HASH_LENGTH = 32
"""Hex digits of a hash: 128 bits."""


def find_device(login: Login | None, token: str | None) -> str:
    """What is kept of a device, if it is one of the person's; else ""."""
    digest = _hash(token) if token and _FORM.fullmatch(token) else ""
    return next((one for one in _hashes(login) if hmac.compare_digest(one, digest)), "")


def remember_device(login: Login, token: str | None = None) -> tuple[str, str]:
    """The secret that a device has from now on, and what the login then holds of all of them."""
    if token is None or not find_device(login, token):
        token = secrets.token_urlsafe(32)
    return token, " ".join(domain.latest_devices(_hashes(login), _hash(token)))


def _hashes(login: Login | None) -> list[str]:
    return (login.devices or "").split() if login else []


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:_HASH_LENGTH]

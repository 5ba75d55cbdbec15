"""Links sent by mail: to accept an invitation, choose a new password, or prove an address.

A token is 256 random bits and kept as its hash only, so a reader of the table can't use one; and
it is found by its hash, so the time that takes tells nothing about other tokens. A link is good
for one state of what it leads to (`round`): the use of it, or of a later one, ends them all.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.auth import store
from chalicelib.auth.domain import NoLink
from chalicelib.platform.config import config

Purpose = Literal["invitation", "reset", "verification"]

LIFE: dict[Purpose, timedelta] = {
    "invitation": timedelta(days=7),
    "reset": timedelta(hours=1),
    "verification": timedelta(hours=24),
}
_PAGE: dict[Purpose, str] = {
    "invitation": "invitations", "reset": "reset", "verification": "verify",
}  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def create_link(purpose: Purpose, scope: str, subject: str, round: int, asked_at: datetime) -> str:
    """The address of a new link, for the mail and for nobody else. One write unit."""
    token = secrets.token_urlsafe(32)
    store.Link(
        _hash(token),
        purpose=purpose,
        scope=scope,
        subject=subject,
        round=round,
        expires_at=int((asked_at + LIFE[purpose]).timestamp()),
    ).save()
    return f"{config().public_url}/{_PAGE[purpose]}/{token}"


def get_link(token: str, purpose: Purpose, now: datetime) -> store.Link:
    """What a token leads to; whether that is still in the same round is for the caller to see.

    One read unit.

    Raises:
        NoLink: Not a token of ours, or too old.
    """
    link = store.link(_hash(token), now) if _TOKEN.fullmatch(token) else None
    if link is None or link.purpose != purpose:
        raise NoLink()
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

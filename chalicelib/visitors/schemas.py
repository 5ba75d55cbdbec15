"""Visitors on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.edge.pages import PageQuery
from chalicelib.edge.wire import Input, Output
from chalicelib.kit.instants import Instant

Long = Annotated[str, msgspec.Meta(max_length=4096)]


class PageIn(Input):
    """The page that a visitor is on."""

    url: Long
    title: Long = ""
    referrer: Long = ""


class PageOut(Output):
    """The page that a visitor is on."""

    url: str
    title: str


class VisitorOut(Output):
    """Somebody who is online until `expires_at`; `in_chat` is the last begun conversation's id.

    Of two, the one with the greater `version` is newer.
    """

    id: str
    contact_id: str | None
    name: str | None
    email: str | None
    verified: bool
    page: PageOut
    referrer: str | None
    state: Literal["active", "idle"]
    in_chat: str | None
    since: Instant
    pages_seen: int
    visits: int
    locale: str | None
    time_zone: str | None
    device: str | None
    country: str | None
    expires_at: Instant
    version: int


class BlockOut(Output):
    """Whether a visitor is blocked; `contact_id` is the contact that says so."""

    id: str
    contact_id: str | None
    blocked: bool


class VisitorQuery(PageQuery):
    """Which visitors."""

    filter: Literal["all", "active", "idle", "in_chat", "identified"] = "all"

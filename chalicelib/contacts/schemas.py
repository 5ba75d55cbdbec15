"""Contacts on the wire."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from chalicelib.edge.pages import PageQuery
from chalicelib.edge.wire import Input, Output
from chalicelib.kit.instants import Instant

Short = Annotated[str, msgspec.Meta(max_length=200)]


class ContactOut(Output):
    """A contact. `claimed` is what its browser said without proof, by field."""

    id: str
    name: str
    email: str | None
    phone: str | None
    external_id: str | None
    verified: bool
    claimed: dict[str, str]
    custom: dict[str, Any]
    tags: list[str]
    locale: str | None
    time_zone: str | None
    first_seen_at: Instant
    last_seen_at: Instant
    created_at: Instant
    version: int


class ContactQuery(PageQuery):
    """`query` looks into name, e-mail, phone and external id."""

    query: Short | None = None
    email: Short | None = None
    external_id: Short | None = None


class NewContact(Input):
    """A contact that an operator adds; at least one field must say something."""

    name: Short = ""
    email: Short = ""
    phone: Short = ""
    external_id: Short = ""


class ContactPatch(Input):
    """Fields to change; what isn't sent stays. An empty string clears a field."""

    name: Short | None = None
    email: Short | None = None
    phone: Short | None = None
    external_id: Short | None = None
    custom: dict[str, Any] | None = None
    tags: Annotated[list[Short], msgspec.Meta(max_length=50)] | None = None

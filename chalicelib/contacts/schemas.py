"""Contacts on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from chalicelib.edge.pages import PageQuery
from chalicelib.edge.wire import Input, Output
from chalicelib.kit.instants import Instant

Provenance = Literal["verified", "claimed", "operator", "import"]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class ContactOut(Output):
    """A contact. `claimed` is what its page said without proof, by field.

    `provenance` tells from whom each field is (custom ones as `custom.<name>`): proved
    (`verified`), said without proof (`claimed`), or set by an `operator` or an `import`. What an
    operator set, or a proof, is in the fields themselves; `name` and `custom` show a claim where
    nobody else has a word. Where nobody said a name, `name` is the address, and empty without one.
    `verified` says that the contact proved who it is, by at least one. `possible_duplicates` are
    contacts that may be the same person.
    """

    id: str
    name: str
    email: str | None
    phone: str | None
    external_id: str | None
    verified: bool
    blocked: bool
    claimed: dict[str, Any]
    provenance: dict[str, Provenance]
    possible_duplicates: list[str]
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
    blocked: bool | None = None

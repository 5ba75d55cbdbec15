"""Contacts as they are shown: part of the contacts service."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.contacts import domain, fields, store
from chalicelib.contacts.arrivals import display_name
from chalicelib.contacts.schemas import ContactOut
from chalicelib.contacts.store import Contact
from chalicelib.kit.actors import Author


@dataclass(frozen=True, slots=True)
class ContactSummary:
    """As much of a contact as others keep beside their own rows."""

    id: str
    name: str
    email: str
    verified: bool
    blocked: bool

    @property
    def author(self) -> Author:
        """The contact as somebody who writes."""
        return Author("contact", self.id, self.name)


def to_summary(row: Contact) -> ContactSummary:
    """A contact as others keep it beside their own rows."""
    data = row.data
    email = data.email or data.claimed.get("email", "")
    return ContactSummary(row.id, display_name(row), email, data.verified, row.blocked)


def to_out(row: Contact) -> ContactOut:
    """A contact as operators see it."""
    data = row.data
    return ContactOut(
        id=row.id,
        name=display_name(row),
        email=data.email or None,
        phone=data.phone or None,
        external_id=data.external_id or None,
        verified=data.verified,
        blocked=row.blocked,
        claimed=data.claimed,
        provenance=fields.provenance(row),
        possible_duplicates=list(data.resembles),
        custom=fields.custom_fields(row),
        tags=list(data.tags),
        locale=data.locale or None,
        time_zone=data.time_zone or None,
        first_seen_at=data.first_seen_at,
        last_seen_at=data.last_seen_at,
        created_at=data.created_at,
        version=int(row.version),
    )


def find_duplicates(row: Contact) -> list[str]:
    """The contacts that have, or had noted, what this one says to have: it may be the same person.

    A read unit for each key that isn't this contact's own.
    """
    data = row.data
    keys = {
        domain.key_claim(field, value)
        for field in fields.KEYS
        for value in (getattr(data, field), str(data.claimed.get(field, "")))
        if value
    }
    holders = {store.holder(row.workspace_id, key) for key in keys - fields.unique_claims(row)}
    return sorted(one for one in {*holders, *data.resembles} if one not in (None, row.id))

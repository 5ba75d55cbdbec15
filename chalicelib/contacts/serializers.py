"""Contacts as they are shown: part of the contacts service."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.contacts import domain, fields, store
from chalicelib.contacts.arrivals import display_name
from chalicelib.contacts.schemas import ContactOut
from chalicelib.contacts.store import Contact
from chalicelib.kit import instants
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
    email = row.email or (row.claimed or {}).get("email", "")
    return ContactSummary(row.id, display_name(row), email, row.verified, row.blocked)


def to_out(row: Contact) -> ContactOut:
    """A contact as operators see it."""
    return ContactOut(
        id=row.id,
        name=display_name(row),
        email=row.email or None,
        phone=row.phone or None,
        external_id=row.external_id or None,
        verified=row.verified,
        blocked=row.blocked,
        claimed=dict(row.claimed or {}),
        provenance=fields.provenance(row),
        possible_duplicates=sorted(row.resembles or ()),
        custom=fields.custom_fields(row),
        tags=sorted(row.tags or ()),
        locale=row.locale or None,
        time_zone=row.time_zone or None,
        first_seen_at=instants.to_text(row.first_seen_at),
        last_seen_at=instants.to_text(row.last_seen_at),
        created_at=instants.to_text(row.created_at),
        version=int(row.version),
    )


def find_duplicates(row: Contact) -> list[str]:
    """The contacts that have, or had noted, what this one says to have: it may be the same person.

    A read unit for each key that isn't this contact's own.
    """
    claimed = row.claimed or {}
    keys = {
        domain.key_claim(field, value)
        for field in fields.KEYS
        for value in (getattr(row, field), str(claimed.get(field, "")))
        if value
    }
    holders = {store.holder(row.workspace_id, key) for key in keys - fields.unique_claims(row)}
    return sorted(one for one in {*holders, *(row.resembles or ())} if one not in (None, row.id))

"""What a page says of its visitor without proof: part of the contacts service.

It makes no contact. The visitor's own signed token carries it, as much as fits, and a first message
takes it along into the contact that it makes; so whoever only claims to be somebody costs not a
write more than whoever says nothing. A contact that is there already keeps it beside its fields.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.contacts import arrivals, fields, identities, store
from chalicelib.contacts.arrivals import Arrival
from chalicelib.contacts.domain import Identity
from chalicelib.contacts.events import ContactUpdated
from chalicelib.contacts.store import Contact
from chalicelib.kit import instants
from chalicelib.kit.lenient import Lenient, path
from chalicelib.platform.tables.commits import commit, retry_on_conflict, save

TOKEN_LIMIT = 2_048
"""Letters of claims in a token, as JSON in ASCII: API Gateway takes 10 kB of headers."""

_CHANGE_EVERY = timedelta(minutes=1)
_CHANGES_AT_ONCE = 5
"""A page may say something new of a contact five times at once, and then once a minute."""


def from_identity(identity: Identity) -> dict[str, Any]:
    """What an identity says, by field."""
    plain = {field: value for field in fields.PLAIN if (value := getattr(identity, field))}
    return {**plain, **fields.prefix_custom(identity.custom)}


def token_claims(claimed: Mapping[str, Any], lenient: Lenient) -> dict[str, Any]:
    """As much of the claims as a token carries; what doesn't fit is named."""
    fitting: dict[str, Any] = {}
    size = 0
    for field, value in claimed.items():
        more = len(json.dumps({field: value}))
        if size + more <= TOKEN_LIMIT:
            fitting[field] = value
            size += more
        else:
            lenient.drop(path("identity", field), "is too long to be kept before a first message")
    return fitting


def add_to(row: Contact, claimed: Mapping[str, Any]) -> None:
    """Keep claims beside a contact's own fields, custom ones while there is room."""
    custom = {name: v for name, v in claimed.items() if name not in fields.PLAIN}
    room = identities.merge_custom(
        fields.prefix_custom(fields.custom_claims(row)), custom, beside=row.data.custom
    )
    fields.set_claims(row, {**fields.plain_fields(claimed), **room})


@retry_on_conflict
def update_contact(arrival: Arrival, claimed: Mapping[str, Any], row: Contact) -> Contact:
    """A contact with what its page says now. Written only when that is new, and not without end."""
    before = row.data.claimed
    current = store.contact(row.workspace_id, row.id) or row
    add_to(current, claimed)
    if current.data.claimed == before or not spend_change(current, arrival):
        return arrivals.record_visit(row, arrival)
    arrivals.update_from(current, arrival)
    commit(
        save(current),
        events=[ContactUpdated(contact_id=current.id)],
        by=arrivals.source(arrival, current),
    )
    return current


def spend_change(row: Contact, arrival: Arrival) -> bool:
    """Whether claims may be changed now, and note that they are (a leaky bucket of one instant)."""
    free_at = max(instants.from_text_or_none(row.data.claims_rested_at) or arrival.now, arrival.now)
    if free_at - arrival.now > _CHANGE_EVERY * (_CHANGES_AT_ONCE - 1):
        return False
    row.data.claims_rested_at = instants.to_text(free_at + _CHANGE_EVERY)
    return True

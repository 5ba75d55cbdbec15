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

from chalicelib.contacts import arrivals, facts, identities, store
from chalicelib.contacts.arrivals import Arrival
from chalicelib.contacts.domain import Identity
from chalicelib.contacts.events import ContactUpdated
from chalicelib.contacts.store import Contact
from chalicelib.kit.lenient import Lenient, path
from chalicelib.platform.tables.commits import commit, retry_on_conflict, save

CARRIED_LIMIT = 2_048
"""Letters of claims in a token, as JSON in ASCII: API Gateway takes 10 kB of headers."""

_CHANGE_EVERY = timedelta(minutes=1)
_CHANGES_AT_ONCE = 5
"""A page may say something new of a contact five times at once, and then once a minute."""


def of(said: Identity) -> dict[str, Any]:
    """What an identity says, by field."""
    plain = {field: value for field in facts.PLAIN if (value := getattr(said, field))}
    return {**plain, **facts.of_custom(said.custom)}


def carried(said: Mapping[str, Any], lenient: Lenient) -> dict[str, Any]:
    """As much of the claims as a token carries; what doesn't fit is named."""
    fitting: dict[str, Any] = {}
    size = 0
    for field, value in said.items():
        more = len(json.dumps({field: value}))
        if size + more <= CARRIED_LIMIT:
            fitting[field] = value
            size += more
        else:
            lenient.drop(path("identity", field), "is too long to be kept before a first message")
    return fitting


def into(row: Contact, said: Mapping[str, Any]) -> None:
    """Keep claims beside a contact's own fields, custom ones while there is room."""
    custom = {name: v for name, v in said.items() if name not in facts.PLAIN}
    room = identities.merged_custom(
        facts.of_custom(facts.claimed_custom(row)), custom, beside=row.custom
    )
    facts.claim(row, {**facts.said_plainly(said), **room})


@retry_on_conflict
def kept(arrival: Arrival, said: Mapping[str, Any], row: Contact) -> Contact:
    """A contact with what its page says now. Written only when that is new, and not without end."""
    before = row.claimed or {}
    current = store.contact(row.workspace_id, row.id) or row
    into(current, said)
    if current.claimed == before or not may_change(current, arrival):
        return arrivals.seen(row, arrival)
    arrivals.note(current, arrival)
    commit(
        save(current),
        events=[ContactUpdated(contact_id=current.id)],
        by=arrivals.source(arrival, current),
    )
    return current


def may_change(row: Contact, arrival: Arrival) -> bool:
    """Whether claims may be changed now, and note that they are (a leaky bucket of one instant)."""
    rested = max(row.claims_rested_at or arrival.now, arrival.now)
    if rested - arrival.now > _CHANGE_EVERY * (_CHANGES_AT_ONCE - 1):
        return False
    row.claims_rested_at = rested + _CHANGE_EVERY
    return True

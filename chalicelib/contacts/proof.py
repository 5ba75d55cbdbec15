"""Who a visitor proves to be: part of the contacts service.

A hash proves its key and nothing beside it; a signed token proves all that it says. A proved key
leads to the contact that proved it before, and to no other: what an operator noted of somebody is
no proof, so whoever proves it gets the key and a contact of its own, and the operator a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.contacts import arrivals, blocking, claims, domain, fields, identities, store
from chalicelib.contacts.arrivals import Arrival
from chalicelib.contacts.domain import Identity
from chalicelib.contacts.events import ContactCreated, ContactMerged, ContactUpdated
from chalicelib.contacts.store import Contact
from chalicelib.kit.events import Event
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import Busy
from chalicelib.platform.tables.commits import Write, commit, put_new, retry_on_conflict, save

_RESEMBLES_MOST = 20


@dataclass(slots=True)
class _Keys:
    """The contacts that hold what is being proved.

    `mine` proved the key before. Of the other keys that were proved beside it, `refused` are
    somebody's who proved them, too; `rivals` only have them noted, and give them up.
    """

    mine: Contact | None = None
    refused: set[str] = field(default_factory=set)
    rivals: dict[str, Contact] = field(default_factory=dict)

    @property
    def losers(self) -> list[Contact]:
        """Each rival once."""
        return list({rival.id: rival for rival in self.rivals.values()}.values())


@retry_on_conflict
def resolve_contact(arrival: Arrival, identity: Identity) -> Contact:
    """The contact that `identity` proves, with this browser's own history joined to it.

    Written only when something changes, and then in one transaction: no other browser can find two
    contacts half merged, or a key twice.

    Raises:
        Forbidden: The contact is blocked, or the browser's own is.
    """
    own = arrivals.own_contact(arrival)
    joinable = own if own is not None and not own.data.verified and not own.merged_into else None
    values = _proved_values(identity)
    keys = _holders(arrival, identity, values, joinable)
    for each in (own, keys.mine):
        if each is not None:
            blocking.check_not_blocked(each)
    fresh = store.new_contact(arrival.workspace_id, new_id("con"), arrival.now)
    row = keys.mine or joinable or fresh
    giver = joinable if joinable is not None and joinable.id != row.id else None
    is_new = row is fresh
    before, former_claims = fields.snapshot(row), fields.unique_claims(row)
    first = not row.data.verified
    if giver is not None:
        fields.merge(row, giver)
    _apply_proof(arrival, identity, row, values, keys)
    changed = before != fields.snapshot(row)
    if giver is None and not changed:
        return arrivals.record_visit(row, arrival)
    arrivals.update_from(row, arrival)
    commit(
        put_new(row) if is_new else save(row),
        *store.merge(giver, row) if giver is not None else (),
        *_release_keys(keys),
        *store.move_claims(
            row,
            former_claims,
            fields.unique_claims(row),
            released=_released_claims(keys, giver),
            raced=True,
        ),
        events=[
            *_events(row, is_new, first, changed, giver),
            *(ContactUpdated(contact_id=one.id) for one in keys.losers),
        ],
        by=arrivals.source(arrival, row),
    )
    return row


def _proved_values(identity: Identity) -> dict[str, Any]:
    """What is proved, by field."""
    if identity.signed:
        values = claims.from_identity(identity)
        return (
            values if identity.proves_email else {f: v for f, v in values.items() if f != "email"}
        )
    return {identity.key_field: identity.key}


def _holders(
    arrival: Arrival, identity: Identity, values: Mapping[str, Any], own: Contact | None
) -> _Keys:
    keys = _Keys()
    for name in sorted(fields.KEYS, key=lambda each: each != identity.key_field):
        if name not in values or _is_held(keys.mine, name, values[name]):
            continue
        holder_id = store.holder(arrival.workspace_id, domain.key_claim(name, values[name]))
        if holder_id is None or holder_id in (_id(own), _id(keys.mine)):
            continue
        row = next((one for one in keys.losers if one.id == holder_id), None) or _current_contact(
            arrival, holder_id
        )
        if not fields.proves(row, name):
            keys.rivals[name] = row
        elif name == identity.key_field:
            keys.mine = row
        else:
            keys.refused.add(name)
    return keys


def _is_held(row: Contact | None, name: str, value: str) -> bool:
    """Whether a contact proved this very key before, so that nobody needs to be asked."""
    return row is not None and fields.proves(row, name) and fields.own_value(row, name) == value


def _current_contact(arrival: Arrival, contact_id: str) -> Contact:
    row = store.current_contact(arrival.workspace_id, contact_id)
    if row is None or row.id != contact_id:
        raise Busy()
    return row


def _apply_proof(
    arrival: Arrival, identity: Identity, row: Contact, values: Mapping[str, Any], keys: _Keys
) -> None:
    plain = {f: v for f, v in fields.plain_fields(values).items() if f not in keys.refused}
    fields.set_values(row, plain, "verified")
    if identity.signed:
        custom = identities.merge_custom(
            row.data.custom, identity.custom, beside=fields.custom_claims(row)
        )
        fitting = {
            n: v for n, v in custom.items() if n in identity.custom and v == identity.custom[n]
        }
        fields.set_values(row, fields.prefix_custom(fitting), "verified")
    beside = {
        f: v
        for f, v in claims.from_identity(identity).items()
        if f not in plain and not _is_signed_custom(f, identity)
    }
    before = row.data.claimed
    claims.add_to(row, {**fields.plain_fields(before), **beside})
    if row.data.claimed != before and not claims.spend_change(row, arrival):
        row.data.claimed = before
    row.data.verified = True
    if keys.rivals:
        alike = sorted({*row.data.resembles, *(rival.id for rival in keys.losers)})
        row.data.resembles = tuple(alike[:_RESEMBLES_MOST])
    store.update_search(row)


def _is_signed_custom(name: str, identity: Identity) -> bool:
    """Custom fields of a signed token are proved, or there was no room for them."""
    return identity.signed and name not in fields.PLAIN


def _released_claims(keys: _Keys, giver: Contact | None) -> dict[str, str]:
    """The claims that others give up, each with who it is."""
    return {
        **(dict.fromkeys(fields.unique_claims(giver), giver.id) if giver is not None else {}),
        **{
            domain.key_claim(name, fields.own_value(one, name)): one.id
            for name, one in keys.rivals.items()
        },
    }


def _release_keys(keys: _Keys) -> list[Write]:
    for name, rival in keys.rivals.items():
        fields.release_key(rival, name)
    return [save(rival) for rival in keys.losers]


def _id(row: Contact | None) -> str | None:
    return row.id if row is not None else None


def _events(
    row: Contact, is_new: bool, first: bool, changed: bool, giver: Contact | None
) -> list[Event]:
    events: list[Event] = []
    if is_new:
        events.append(ContactCreated(contact_id=row.id))
    elif changed:
        events.append(ContactUpdated(contact_id=row.id, proved=first))
    if giver is not None:
        events.append(ContactMerged(contact_id=row.id, merged_id=giver.id))
    return events

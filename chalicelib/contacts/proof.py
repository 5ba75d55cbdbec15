"""Who a visitor proves to be: part of the contacts service.

A hash proves its key and nothing beside it; a signed token proves all that it says. A proved key
leads to the contact that proved it before, and to no other: what an operator noted of somebody is
no proof, so whoever proves it gets the key and a contact of its own, and the operator a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.contacts import arrivals, blocking, claims, domain, facts, identities, store
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
def proved(arrival: Arrival, said: Identity) -> Contact:
    """The contact that `said` proves, with this browser's own history joined to it.

    Written only when something changes, and then in one transaction: no other browser can find two
    contacts half merged, or a key twice.

    Raises:
        Forbidden: The contact is blocked, or the browser's own is.
    """
    own = arrivals.own_contact(arrival)
    joinable = own if own is not None and not own.verified and not own.merged_into else None
    known = _known_by(said)
    keys = _holders(arrival, said, known, joinable)
    for each in (own, keys.mine):
        if each is not None:
            blocking.refuse(each)
    fresh = store.new_contact(arrival.workspace_id, new_id("con"), arrival.now)
    row = keys.mine or joinable or fresh
    giver = joinable if joinable is not None and joinable.id != row.id else None
    is_new = row is fresh
    before, had = facts.facts(row), facts.held_keys(row)
    first = not row.verified
    if giver is not None:
        facts.join(row, giver)
    _learn(arrival, said, row, known, keys)
    changed = before != facts.facts(row)
    if giver is None and not changed:
        return arrivals.seen(row, arrival)
    arrivals.note(row, arrival)
    commit(
        put_new(row) if is_new else save(row),
        *store.merge(giver, row) if giver is not None else (),
        *_given_up(keys),
        *store.move_claims(row, had, facts.held_keys(row), given=_given(keys, giver), raced=True),
        events=[
            *_told(row, is_new, first, changed, giver),
            *(ContactUpdated(contact_id=one.id) for one in keys.losers),
        ],
        by=arrivals.source(arrival, row),
    )
    return row


def _known_by(said: Identity) -> dict[str, Any]:
    """What is proved, by field."""
    if said.signed:
        told = claims.of(said)
        return told if said.proves_email else {f: v for f, v in told.items() if f != "email"}
    return {said.key_field: said.key}


def _holders(
    arrival: Arrival, said: Identity, known: Mapping[str, Any], own: Contact | None
) -> _Keys:
    found = _Keys()
    for name in sorted(facts.KEYS, key=lambda each: each != said.key_field):
        if name not in known or _is_held(found.mine, name, known[name]):
            continue
        held = store.holder(arrival.workspace_id, domain.key_claim(name, known[name]))
        if held is None or held in (_id(own), _id(found.mine)):
            continue
        row = next((one for one in found.losers if one.id == held), None) or _current(arrival, held)
        if not facts.proves(row, name):
            found.rivals[name] = row
        elif name == said.key_field:
            found.mine = row
        else:
            found.refused.add(name)
    return found


def _is_held(row: Contact | None, name: str, value: str) -> bool:
    """Whether a contact proved this very key before, so that nobody needs to be asked."""
    return row is not None and facts.proves(row, name) and getattr(row, name) == value


def _current(arrival: Arrival, contact_id: str) -> Contact:
    row = store.current(arrival.workspace_id, contact_id)
    if row is None or row.id != contact_id:
        raise Busy()
    return row


def _learn(
    arrival: Arrival, said: Identity, row: Contact, known: Mapping[str, Any], keys: _Keys
) -> None:
    plain = {f: v for f, v in facts.said_plainly(known).items() if f not in keys.refused}
    facts.learn(row, plain, "verified")
    if said.signed:
        custom = identities.merged_custom(row.custom, said.custom, beside=facts.claimed_custom(row))
        heard = {n: v for n, v in custom.items() if n in said.custom and v == said.custom[n]}
        facts.learn(row, facts.of_custom(heard), "verified")
    beside = {f: v for f, v in claims.of(said).items() if f not in plain and not _is_heard(f, said)}
    before = row.claimed
    claims.into(row, {**facts.said_plainly(before or {}), **beside})
    if row.claimed != before and not claims.may_change(row, arrival):
        row.claimed = before
    row.verified = True
    if keys.rivals:
        alike = sorted({*(row.resembles or ()), *(rival.id for rival in keys.losers)})
        row.resembles = set(alike[:_RESEMBLES_MOST])
    store.searchable(row)


def _is_heard(name: str, said: Identity) -> bool:
    """Custom fields of a signed token are proved, or there was no room for them."""
    return said.signed and name not in facts.PLAIN


def _given(keys: _Keys, giver: Contact | None) -> dict[str, str]:
    """The claims that others give up, each with who it is."""
    return {
        **(dict.fromkeys(facts.held_keys(giver), giver.id) if giver is not None else {}),
        **{domain.key_claim(name, getattr(one, name)): one.id for name, one in keys.rivals.items()},
    }


def _given_up(keys: _Keys) -> list[Write]:
    for name, rival in keys.rivals.items():
        facts.give_up(rival, name)
    return [save(rival) for rival in keys.losers]


def _id(row: Contact | None) -> str | None:
    return row.id if row is not None else None


def _told(
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

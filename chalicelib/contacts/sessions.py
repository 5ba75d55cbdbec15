"""Who a visitor is: part of the contacts service.

A visitor is known by its browser's secret (`browsers`), from which its id follows. Its anonymous
contact's id follows from that under a key of ours, so it can be named before it exists and tells
nobody the visitor id. Once that contact was proved to be somebody (verified or merged), the secret
alone opens nothing: without proof the browser starts again as a new visitor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.contacts import browsers, domain, identities, store
from chalicelib.contacts.browsers import Browser
from chalicelib.contacts.domain import Identity
from chalicelib.contacts.events import ContactCreated, ContactMerged, ContactUpdated
from chalicelib.contacts.store import Contact
from chalicelib.kit.actors import Author, Visitor
from chalicelib.kit.events import Event
from chalicelib.kit.ids import derived_id, new_id
from chalicelib.kit.lenient import Lenient
from chalicelib.kit.problems import Busy, FieldError
from chalicelib.platform.dynamo import commit, put_new, retry_on_conflict, save
from chalicelib.platform.keys import lasting_key
from chalicelib.platform.outbox import Source

_SEEN_EVERY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A browser that starts a session. `visitor_id` follows from its secret."""

    workspace_id: str
    visitor_secret: Any
    identity: Any
    mode: str
    secrets: tuple[str, ...]
    locale: str
    time_zone: str
    now: datetime
    visitor_id: str = ""

    def of(self, browser: Browser) -> Arrival:
        """The same arrival, of this browser."""
        return replace(self, visitor_id=browser.visitor_id, visitor_secret=browser.secret)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it is. `contact` is None while an anonymous visitor hasn't written.

    `ignored` names what the page said that couldn't be taken.
    """

    visitor: Visitor
    visitor_secret: str
    contact: Contact | None
    ignored: tuple[FieldError, ...] = ()


def identify(arrival: Arrival) -> Recognised:
    """Find out who a browser is, making or merging contacts as its identity proves.

    Raises:
        Forbidden: The workspace requires proof and the identity has none.
        Invalid: A proof of what can't be a key.
    """
    lenient = Lenient()
    said = identities.heard(arrival.identity, arrival.mode, arrival.secrets, lenient)
    found = _found(arrival, said)
    if found.contact is not None:
        identities.note_left_out(found.contact.custom, said, lenient)
    return replace(found, ignored=tuple(lenient.ignored))


def _found(arrival: Arrival, said: Identity) -> Recognised:
    known = browsers.known_browser(arrival.workspace_id, arrival.visitor_secret)
    arrival = arrival.of(known or browsers.new_browser(arrival.workspace_id))
    if said.verified:
        return _recognised(arrival, _verified(arrival, said), verified=True)
    row = _own(arrival) if known else None
    if row is not None and (row.verified or row.merged_into):
        arrival, row = arrival.of(browsers.new_browser(arrival.workspace_id)), None
    if arrival.identity is not None and _says_something(said):
        row = _claimed(arrival, said)
    elif row is not None:
        row = _seen(row, arrival)
    return _recognised(arrival, row, verified=False)


def anonymous_id(workspace_id: str, visitor_id: str) -> str:
    """The id of the contact that this visitor becomes with its first message."""
    return derived_id("con", lasting_key("contacts"), workspace_id, visitor_id)


def display_name(row: Contact) -> str:
    """What people call a contact: a name, else an address, else a short mark of its own."""
    said = row.claimed or {}
    return str(
        row.name or said.get("name") or row.email or said.get("email") or f"Visitor {row.id[-4:]}"
    )


def _says_something(said: Identity) -> bool:
    return bool(said.key or said.name or said.phone or said.custom)


@retry_on_conflict
def _verified(arrival: Arrival, said: Identity) -> Contact:
    """The contact that `said` proves, with this browser's own history joined to it."""
    own = _own(arrival)
    joinable = own if own is not None and not own.verified and not own.merged_into else None
    row = _holder(arrival, said)
    if row is None:
        return _proved(arrival, said, joinable)
    return _filled(arrival, said, row, joinable if joinable and joinable.id != row.id else None)


def _holder(arrival: Arrival, said: Identity) -> Contact | None:
    """The contact that has the proved key.

    An address that its contact's browser said beside a proof of something else is given up to
    whoever proves it: proof of a key is proof of nothing else.
    """
    claim = domain.key_claim(said)
    held = store.holder(arrival.workspace_id, claim)
    if held is None:
        return None
    row = store.current(arrival.workspace_id, held)
    if row is None:
        raise Busy()
    if said.external_id or not row.email_unproved:
        return row
    row.claimed = {**(row.claimed or {}), "email": row.email}
    row.email, row.email_unproved = "", False
    store.searchable(row)
    commit(
        save(row),
        *store.move_claims(row, (claim,), ()),
        events=[ContactUpdated(contact_id=row.id)],
        by=_source(arrival, row),
    )
    return None


def _proved(arrival: Arrival, said: Identity, own: Contact | None) -> Contact:
    """Nobody has this key yet: the visitor's own contact becomes that somebody, or a new one."""
    row = own or store.new_contact(arrival.workspace_id, new_id("con"), arrival.now)
    had = store.claims(row)
    _fill(arrival, said, row)
    row.claimed = {}
    event = (
        ContactUpdated(contact_id=row.id, proved=True) if own else ContactCreated(contact_id=row.id)
    )
    commit(
        save(row) if own else put_new(row),
        *store.move_claims(row, had, store.claims(row), raced=True),
        events=[event],
        by=_source(arrival, row),
    )
    return row


def _filled(arrival: Arrival, said: Identity, row: Contact, own: Contact | None) -> Contact:
    """A known contact with what is newly proved of it, and with `own` merged into it.

    Written only when something changes, and then in one transaction: no other browser can find
    the two half merged.
    """
    before, had = _facts(row), store.claims(row)
    if own is not None:
        _fill_blanks(row, own)
    _fill(arrival, said, row, own)
    changed = before != _facts(row)
    if own is None and not changed:
        return _seen(row, arrival)
    events: list[Event] = [ContactUpdated(contact_id=row.id)] if changed else []
    if own is not None:
        events.append(ContactMerged(contact_id=row.id, merged_id=own.id))
    commit(
        save(row),
        *store.merge(own, row) if own is not None else (),
        *store.move_claims(row, had, store.claims(row), giver=own, raced=True),
        events=events,
        by=_source(arrival, row),
    )
    return row


@retry_on_conflict
def _claimed(arrival: Arrival, said: Identity) -> Contact:
    """Keep what was said without proof beside the contact's own fields; it opens nothing."""
    contact_id = anonymous_id(arrival.workspace_id, arrival.visitor_id)
    kept = store.contact(arrival.workspace_id, contact_id)
    row = kept or store.new_contact(arrival.workspace_id, contact_id, arrival.now)
    claimed = {
        name: value
        for name in ("external_id", "email", "name", "phone")
        if (value := getattr(said, name))
    }
    custom = identities.merged_custom(row.custom, said.custom)
    if kept is not None and (kept.claimed, kept.custom or {}) == (claimed, custom):
        return _seen(kept, arrival)
    row.claimed, row.custom = claimed, custom
    _noted(row, arrival)
    event = ContactUpdated(contact_id=row.id) if kept else ContactCreated(contact_id=row.id)
    commit(save(row) if kept else put_new(row), events=[event], by=_source(arrival, row))
    return row


def _fill(arrival: Arrival, said: Identity, row: Contact, own: Contact | None = None) -> None:
    """Take over what was said, but no address or number that somebody else has."""
    free = {None, row.id, own.id if own else None}
    row.external_id = said.external_id or row.external_id
    if said.email and store.holder(arrival.workspace_id, f"email#{said.email.casefold()}") in free:
        if said.proves_email or said.email != row.email:
            row.email_unproved = not said.proves_email
        row.email = said.email
    if said.phone and store.holder(arrival.workspace_id, f"phone#{said.phone}") in free:
        row.phone = said.phone
    row.name = said.name or row.name
    row.custom = identities.merged_custom(row.custom, said.custom)
    row.verified = True
    _noted(row, arrival)


def _fill_blanks(row: Contact, own: Contact) -> None:
    """What operators noted of a visitor goes to the contact that it is, where that has nothing."""
    for field in ("external_id", "email", "phone", "name"):
        if not getattr(row, field):
            setattr(row, field, getattr(own, field))


def _facts(row: Contact) -> tuple[Any, ...]:
    return (
        row.name, row.external_id, row.email, row.email_unproved, row.phone, row.custom,
        row.verified,
    )  # fmt: skip


@retry_on_conflict
def _seen(row: Contact, arrival: Arrival) -> Contact:
    """Note that a contact is here again; at most one write in half an hour."""
    if arrival.now - row.last_seen_at < _SEEN_EVERY:
        return row
    current = store.contact(row.workspace_id, row.id) or row
    _noted(current, arrival)
    commit(save(current))
    return current


def _noted(row: Contact, arrival: Arrival) -> None:
    row.locale = arrival.locale or row.locale
    row.time_zone = arrival.time_zone or row.time_zone
    row.last_seen_at = max(arrival.now, row.last_seen_at)
    store.searchable(row)


def _recognised(arrival: Arrival, row: Contact | None, *, verified: bool) -> Recognised:
    contact_id = row.id if row else anonymous_id(arrival.workspace_id, arrival.visitor_id)
    visitor = Visitor(arrival.visitor_id, arrival.workspace_id, contact_id, verified)
    return Recognised(visitor, str(arrival.visitor_secret), row)


def _own(arrival: Arrival) -> Contact | None:
    """The contact that the visitor became by itself, whatever became of it since."""
    return store.contact(
        arrival.workspace_id, anonymous_id(arrival.workspace_id, arrival.visitor_id)
    )


def _source(arrival: Arrival, row: Contact) -> Source:
    author = Author("contact", row.id, display_name(row))
    return Source(arrival.workspace_id, author, arrival.now)

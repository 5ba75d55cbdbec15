"""A browser that starts a session, and what each start notes: part of the contacts service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.contacts import store
from chalicelib.contacts.browsers import Browser
from chalicelib.contacts.store import Contact
from chalicelib.kit import instants
from chalicelib.kit.actors import Author, Source, Visitor
from chalicelib.kit.ids import derived_id
from chalicelib.platform.signing.keys import lasting_key
from chalicelib.platform.tables.commits import commit, retry_on_conflict, save

_VISIT_EVERY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A browser that starts a session. `visitor_id` follows from its secret.

    `secrets` are the workspace's for identities, by id; `widget_key` is what the page came with.
    """

    workspace_id: str
    widget_key: str
    visitor_secret: Any
    identity: Any
    mode: str
    secrets: Mapping[str, str]
    locale: str
    time_zone: str
    now: datetime
    visitor_id: str = ""

    def with_browser(self, browser: Browser) -> Arrival:
        """The same arrival, of this browser."""
        return replace(self, visitor_id=browser.visitor_id, visitor_secret=browser.secret)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who may become a contact by a first message: what its page and browser said until then."""

    contact_id: str
    claims: Mapping[str, Any]
    locale: str
    time_zone: str

    @staticmethod
    def of(visitor: Visitor) -> Newcomer:
        """As the visitor's own token says."""
        return Newcomer(visitor.contact_id, visitor.claims, visitor.locale, visitor.time_zone)


def anonymous_id(workspace_id: str, visitor_id: str) -> str:
    """The id of the contact that this visitor becomes with its first message."""
    return derived_id("con", lasting_key("contacts"), workspace_id, visitor_id)


def own_contact(arrival: Arrival) -> Contact | None:
    """The contact that the visitor became by itself, whatever became of it since. One read unit."""
    return store.contact(
        arrival.workspace_id, anonymous_id(arrival.workspace_id, arrival.visitor_id)
    )


def display_name(row: Contact) -> str:
    """What people call a contact: a name, else an address; empty while it has said neither.

    Clients say "visitor" in their reader's language then, with a mark of the id.
    """
    data, claimed = row.data, row.data.claimed
    return str(data.name or claimed.get("name") or data.email or claimed.get("email") or "")


@retry_on_conflict
def record_visit(row: Contact, arrival: Arrival) -> Contact:
    """Note that a contact is here again; at most one write in half an hour."""
    if arrival.now - instants.from_text(row.data.last_seen_at) < _VISIT_EVERY:
        return row
    current = store.contact(row.workspace_id, row.id) or row
    update_from(current, arrival)
    commit(save(current))
    return current


def update_from(row: Contact, arrival: Arrival) -> None:
    """Bring what the browser says of itself into the row."""
    data = row.data
    data.locale = arrival.locale or data.locale
    data.time_zone = arrival.time_zone or data.time_zone
    data.last_seen_at = max(instants.to_text(arrival.now), data.last_seen_at)
    store.update_search(row)


def source(arrival: Arrival, row: Contact) -> Source:
    """The contact's own doing."""
    author = Author("contact", row.id, display_name(row))
    return Source(arrival.workspace_id, author, arrival.now)

"""Contacts: who a visitor is, and the records that operators see and edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.contacts import domain, identities, sessions, store
from chalicelib.contacts.credentials import TOKEN_LIFE, authenticate, mint
from chalicelib.contacts.events import ContactCreated, ContactUpdated
from chalicelib.contacts.schemas import ContactOut, ContactPatch, ContactQuery, NewContact
from chalicelib.contacts.sessions import Arrival, anonymous_id, identify
from chalicelib.contacts.store import Contact
from chalicelib.edge import wire
from chalicelib.edge.pages import Page
from chalicelib.kit import instants, text
from chalicelib.kit.actors import Author, Context, Operator, Visitor
from chalicelib.kit.events import Event
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import Missing, Stale, Unauthenticated, invalid
from chalicelib.platform import cursors
from chalicelib.platform.dynamo import Write, commit, put_new, retry_on_conflict, save
from chalicelib.platform.outbox import Source

__all__ = [
    "TOKEN_LIFE", "Arrival", "Known", "anonymous_id", "authenticate", "create", "find", "get",
    "identify", "known", "listed", "mint", "of_visitor", "session_ended", "shown_by_id",
    "still_the_same", "update",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a contact as others keep beside their own rows."""

    id: str
    name: str
    email: str
    verified: bool

    @property
    def author(self) -> Author:
        """The contact as somebody who writes."""
        return Author("contact", self.id, self.name)


def of_visitor(
    workspace_id: str, contact_id: str, ctx: Context[Any]
) -> tuple[Known, list[Write], list[Event]]:
    """The contact of somebody who is about to write, with the writes that make it if need be.

    One read. An anonymous visitor becomes a contact with its first message, in the same
    transaction; that holds only while the contact isn't merged into another.

    Raises:
        Unauthenticated: It proved to be somebody else since the visitor's session began.
    """
    row = store.contact(workspace_id, contact_id)
    if row is not None and isinstance(ctx.actor, Visitor):
        _still_the_same(row, ctx.actor)
    if row is not None and row.merged_into:
        row = store.current(workspace_id, contact_id)
    if row is not None:
        return _known(row), [] if row.verified else [store.still_unmerged(row)], []
    fresh = store.new_contact(workspace_id, contact_id, ctx.now)
    store.searchable(fresh)
    return _known(fresh), [put_new(fresh)], [ContactCreated(contact_id=contact_id)]


def still_the_same(visitor: Visitor, now: datetime) -> None:
    """Make sure that a visitor hasn't proved to be somebody since its session began. One read.

    Raises:
        Unauthenticated: It has: what is said from now on is for that session.
    """
    del now
    row = store.contact(visitor.workspace_id, visitor.contact_id)
    if row is not None:
        _still_the_same(row, visitor)


def session_ended() -> Unauthenticated:
    """What a visitor is told whose browser proved to be somebody since the session began."""
    return Unauthenticated("Start a new session", code="auth.session_ended")


def known(workspace_id: str, contact_id: str) -> Known:
    """A contact by its id.

    Raises:
        Missing: None in this workspace.
    """
    return _known(_row(workspace_id, contact_id))


def find(workspace_id: str, contact_id: str) -> Known | None:
    """A contact by its id, or whom it was merged into; None when there is none (yet)."""
    row = store.current(workspace_id, contact_id)
    return _known(row) if row else None


def get(ctx: Context[Operator], contact_id: str) -> ContactOut:
    """One contact.

    Raises:
        Missing: None in this workspace.
    """
    return shown(_row(ctx.workspace_id, contact_id))


def shown_by_id(workspace_id: str, contact_id: str) -> ContactOut:
    """One contact, for those who tell of it. Raises Missing."""
    return shown(_row(workspace_id, contact_id))


def listed(ctx: Context[Operator], query: ContactQuery) -> Page[ContactOut]:
    """Contacts, newest first; by unique key at most one. One query."""
    exact = domain.claims_of(query.external_id or "", query.email or "", "")
    if exact:
        return Page(data=[shown(row) for row in _held(ctx.workspace_id, sorted(exact))])
    words = (query.query or "").casefold().strip()
    scope = (ctx.workspace_id, "contacts", words)
    after = cursors.opened(query.cursor, *scope) if query.cursor else None
    rows, key = store.page(ctx.workspace_id, limit=query.limit, after=after, query=words)
    return Page(
        data=[shown(row) for row in rows],
        next_cursor=cursors.seal(key, *scope) if key else None,
    )


@retry_on_conflict
def create(ctx: Context[Operator], new: NewContact) -> ContactOut:
    """Add a contact by hand.

    Raises:
        Conflict: Another contact has the e-mail, phone or external id.
    """
    row = store.new_contact(ctx.workspace_id, new_id("con"), ctx.now)
    _take(row, ContactPatch(**{name: getattr(new, name) for name in new.__struct_fields__}))
    if not (row.name or store.claims(row)):
        raise invalid("", "give a name, an e-mail, a phone number or an external id")
    commit(
        put_new(row),
        *store.move_claims(row, (), store.claims(row)),
        events=[ContactCreated(contact_id=row.id)],
        by=_source(ctx),
    )
    return shown(row)


@retry_on_conflict
def update(ctx: Context[Operator], contact_id: str, patch: ContactPatch) -> ContactOut:
    """Change a contact's fields; nothing is written when nothing changes.

    Raises:
        Missing: None in this workspace.
        Stale: `If-Match` named an older version.
        Conflict: Another contact has the new e-mail, phone or external id.
    """
    row = _row(ctx.workspace_id, contact_id)
    if ctx.if_match is not None and ctx.if_match != row.version:
        raise Stale("The contact has changed; load it again")
    before, had = _fields(row), store.claims(row)
    _take(row, patch)
    if _fields(row) == before:
        return shown(row)
    commit(
        save(row),
        *store.move_claims(row, had, store.claims(row)),
        events=[ContactUpdated(contact_id=row.id)],
        by=_source(ctx),
    )
    return shown(row)


def shown(row: Contact) -> ContactOut:
    """A contact as operators see it."""
    return ContactOut(
        id=row.id,
        name=sessions.display_name(row),
        email=row.email or None,
        phone=row.phone or None,
        external_id=row.external_id or None,
        verified=row.verified,
        claimed=dict(row.claimed or {}),
        custom=dict(row.custom or {}),
        tags=sorted(row.tags or ()),
        locale=row.locale or None,
        time_zone=row.time_zone or None,
        first_seen_at=instants.shown(row.first_seen_at),
        last_seen_at=instants.shown(row.last_seen_at),
        created_at=instants.shown(row.created_at),
        version=int(row.version),
    )


def _take(row: Contact, patch: ContactPatch) -> None:
    if patch.name is not None:
        row.name = text.one_line("name", patch.name, limit=200, required=False)
    if patch.email is not None:
        row.email = domain.email_address("email", patch.email)
        row.email_unproved = False
    if patch.phone is not None:
        row.phone = domain.phone_number("phone", patch.phone)
    if patch.external_id is not None:
        row.external_id = text.one_line("external_id", patch.external_id, limit=200, required=False)
    if patch.custom is not None:
        wire.storable("custom", patch.custom, limit=identities.CUSTOM_LIMIT)
        row.custom = patch.custom
    if patch.tags is not None:
        row.tags = {text.one_line("tags", tag, limit=50) for tag in patch.tags} or None
    store.searchable(row)


def _fields(row: Contact) -> tuple[Any, ...]:
    """What operators may change."""
    return (
        row.name, row.email, row.email_unproved, row.phone, row.external_id, row.custom, row.tags,
    )  # fmt: skip


def _still_the_same(row: Contact, visitor: Visitor) -> None:
    if row.merged_into or (row.verified and not visitor.verified):
        raise session_ended()


def _row(workspace_id: str, contact_id: str) -> Contact:
    row = store.current(workspace_id, contact_id)
    if row is None:
        raise Missing("There is no such contact", code="contact.not_found")
    return row


def _held(workspace_id: str, claims: Sequence[str]) -> list[Contact]:
    ids = {store.holder(workspace_id, claim) for claim in claims}
    if len(ids) != 1 or None in ids:
        return []
    return [_row(workspace_id, str(ids.pop()))]


def _known(row: Contact) -> Known:
    return Known(
        row.id, sessions.display_name(row), row.email or row.claimed.get("email", ""), row.verified
    )


def _source(ctx: Context[Operator]) -> Source:
    author = Author("operator", ctx.actor.id, ctx.actor.name)
    return Source(ctx.workspace_id, author, ctx.now)

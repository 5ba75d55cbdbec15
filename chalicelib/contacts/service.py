"""Contacts: who a visitor is, and the records that operators see and edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from chalicelib.contacts import blocking, claims, domain, facts, identities, shown, store
from chalicelib.contacts.arrivals import Arrival, Newcomer, anonymous_id
from chalicelib.contacts.blocking import refused as you_are_blocked
from chalicelib.contacts.blocking import was_lately as blocked_lately
from chalicelib.contacts.credentials import (
    TOKEN_LIFE,
    authenticate,
    mark,
    mint,
    session_ended,
    still_admitted,
)
from chalicelib.contacts.events import ContactCreated, ContactUpdated
from chalicelib.contacts.schemas import ContactOut, ContactPatch, ContactQuery, NewContact
from chalicelib.contacts.sessions import identify
from chalicelib.contacts.shown import Known
from chalicelib.contacts.store import Contact
from chalicelib.edge import wire
from chalicelib.edge.pages import Page
from chalicelib.kit import phones, text
from chalicelib.kit.actors import Context, Operator, Visitor
from chalicelib.kit.events import Event
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import Missing, Stale, invalid
from chalicelib.platform.tables import cursors
from chalicelib.platform.tables.commits import Write, commit, put_new, retry_on_conflict, save

__all__ = [
    "TOKEN_LIFE", "Arrival", "Known", "Newcomer", "anonymous_id", "authenticate", "block",
    "blocked_lately", "create", "find", "get", "identify", "known", "listed", "mark", "mint",
    "of_visitor", "session_ended", "shown_by_id", "still_admitted", "still_the_same", "unblock",
    "update", "you_are_blocked",
]  # fmt: skip


_READ: dict[str, Callable[[str, str], str]] = {
    "name": partial(text.one_line, limit=200, required=False),
    "email": domain.email_address,
    "phone": phones.phone_number,
    "external_id": partial(text.one_line, limit=200, required=False),
}
"""How an operator's value of a plain field is read. Each raises Invalid."""


def of_visitor(ctx: Context[Any], newcomer: Newcomer) -> tuple[Known, list[Write], list[Event]]:
    """The contact of somebody who is about to write, with the writes that make it if need be.

    One read. An anonymous visitor becomes a contact with its first message, in the same
    transaction, and what its page said without proof comes along; that holds only while the
    contact isn't merged into another.

    Raises:
        Unauthenticated: It proved to be somebody else since the visitor's session began.
        Forbidden: The visitor is blocked.
    """
    workspace_id, contact_id = ctx.workspace_id, newcomer.contact_id
    row = store.contact(workspace_id, contact_id)
    if row is not None and isinstance(ctx.actor, Visitor):
        _still_the_same(row, ctx.actor)
    if row is not None and row.merged_into:
        row = store.current(workspace_id, contact_id)
    if row is not None:
        return shown.known(row), [] if row.verified or row.blocked else [store.still_free(row)], []
    fresh = _fresh(ctx, newcomer)
    return shown.known(fresh), [put_new(fresh)], [ContactCreated(contact_id=contact_id)]


@retry_on_conflict
def block(ctx: Context[Operator], newcomer: Newcomer) -> ContactOut:
    """Take nothing any more of a visitor's contact, which is made if need be. Its sockets close.

    One read. Raises Stale.
    """
    found = store.current(ctx.workspace_id, newcomer.contact_id)
    _not_stale(ctx, found)
    row = found or _fresh(ctx, newcomer)
    if row.blocked:
        return shown.contact(row)
    row.blocked = True
    made: list[Event] = [] if found else [ContactCreated(contact_id=row.id)]
    commit(
        save(row) if found else put_new(row),
        events=[*made, ContactUpdated(contact_id=row.id, blocked=True)],
        by=ctx.source(),
    )
    blocking.note(row)
    return shown.contact(row)


def unblock(ctx: Context[Operator], contact_id: str) -> str | None:
    """Take what a contact says again; its id, None if there is no such contact. Raises Stale."""
    found = store.current(ctx.workspace_id, contact_id)
    if found is None:
        _not_stale(ctx, found)
        return None
    return update(ctx, found.id, ContactPatch(blocked=False)).id


def still_the_same(visitor: Visitor, now: datetime) -> None:
    """Make sure that a visitor may go on with its session. One read.

    Raises:
        Unauthenticated: It has proved to be somebody since: what is said from now on is for that
            session. Or what let it in doesn't count any more.
        Forbidden: It is blocked.
    """
    del now
    still_admitted(visitor)
    row = store.contact(visitor.workspace_id, visitor.contact_id)
    if row is not None:
        _still_the_same(row, visitor)


def known(workspace_id: str, contact_id: str) -> Known:
    """A contact by its id.

    Raises:
        Missing: None in this workspace.
    """
    return shown.known(_row(workspace_id, contact_id))


def find(workspace_id: str, contact_id: str) -> Known | None:
    """A contact by its id, or whom it was merged into; None when there is none (yet)."""
    row = store.current(workspace_id, contact_id)
    return shown.known(row) if row else None


def get(ctx: Context[Operator], contact_id: str) -> ContactOut:
    """One contact.

    Raises:
        Missing: None in this workspace.
    """
    row = _row(ctx.workspace_id, contact_id)
    return msgspec.structs.replace(shown.contact(row), possible_duplicates=shown.alike(row))


def shown_by_id(workspace_id: str, contact_id: str) -> ContactOut:
    """One contact, for those who tell of it. Raises Missing."""
    return shown.contact(_row(workspace_id, contact_id))


def listed(ctx: Context[Operator], query: ContactQuery) -> Page[ContactOut]:
    """Contacts, newest first; by unique key at most one. One query."""
    exact = domain.claims_of(query.external_id or "", query.email or "", "")
    if exact:
        return Page(data=[shown.contact(row) for row in _held(ctx.workspace_id, sorted(exact))])
    words = (query.query or "").casefold().strip()
    scope = (ctx.workspace_id, "contacts", words)
    after = cursors.opened(query.cursor, *scope) if query.cursor else None
    rows, key = store.page(ctx.workspace_id, limit=query.limit, after=after, query=words)
    return Page(
        data=[shown.contact(row) for row in rows],
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
    if not (row.name or facts.held_keys(row)):
        raise invalid("", "give a name, an e-mail, a phone number or an external id")
    commit(
        put_new(row),
        *store.move_claims(row, (), facts.held_keys(row)),
        events=[ContactCreated(contact_id=row.id)],
        by=ctx.source(),
    )
    return shown.contact(row)


@retry_on_conflict
def update(ctx: Context[Operator], contact_id: str, patch: ContactPatch) -> ContactOut:
    """Change a contact's fields; nothing is written when nothing changes.

    Raises:
        Missing: None in this workspace.
        Stale: `If-Match` named an older version.
        Conflict: Another contact has the new e-mail, phone or external id.
    """
    row = _row(ctx.workspace_id, contact_id)
    _not_stale(ctx, row)
    before, had, was_blocked = _fields(row), facts.held_keys(row), row.blocked
    _take(row, patch)
    if _fields(row) == before:
        return shown.contact(row)
    blocked = row.blocked and not was_blocked
    commit(
        save(row),
        *store.move_claims(row, had, facts.held_keys(row)),
        events=[ContactUpdated(contact_id=row.id, blocked=blocked)],
        by=ctx.source(),
    )
    blocking.note(row)
    return shown.contact(row)


def _take(row: Contact, patch: ContactPatch) -> None:
    given = {name: getattr(patch, name) for name in facts.PLAIN}
    said = {name: _READ[name](name, each) for name, each in given.items() if each is not None}
    facts.learn(row, said, "operator")
    if patch.custom is not None:
        wire.storable("custom", patch.custom, limit=identities.CUSTOM_LIMIT)
        before = facts.custom_of(row)
        facts.forget_custom(row, before.keys() - patch.custom.keys())
        new = {k: v for k, v in patch.custom.items() if k not in before or before[k] != v}
        facts.learn(row, facts.of_custom(new), "operator")
    if patch.blocked is not None:
        row.blocked = patch.blocked
    if patch.tags is not None:
        row.tags = {text.one_line("tags", tag, limit=50) for tag in patch.tags} or None
    store.searchable(row)


def _fields(row: Contact) -> tuple[Any, ...]:
    """What operators may change."""
    return (*facts.facts(row), row.tags, row.blocked)


def _not_stale(ctx: Context[Operator], row: Contact | None) -> None:
    if ctx.if_match is not None and (row is None or ctx.if_match != row.version):
        raise Stale("The contact has changed; load it again")


def _fresh(ctx: Context[Any], newcomer: Newcomer) -> Contact:
    """The contact that a newcomer becomes."""
    row = store.new_contact(ctx.workspace_id, newcomer.contact_id, ctx.now)
    row.locale, row.time_zone = newcomer.locale, newcomer.time_zone
    claims.into(row, newcomer.claims)
    return row


def _still_the_same(row: Contact, visitor: Visitor) -> None:
    blocking.refuse(row)
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

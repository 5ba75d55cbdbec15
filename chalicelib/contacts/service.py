"""Contacts: who a visitor is, and the records that operators see and edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from chalicelib.contacts import blocking, claims, domain, fields, identities, serializers, store
from chalicelib.contacts.arrivals import Arrival, Newcomer, anonymous_id
from chalicelib.contacts.blocking import blocked_problem, is_blocked_lately
from chalicelib.contacts.credentials import (
    TOKEN_LIFE,
    authenticate,
    check_admission,
    fingerprint,
    mint,
    session_ended_problem,
)
from chalicelib.contacts.events import ContactCreated, ContactUpdated
from chalicelib.contacts.schemas import ContactOut, ContactPatch, ContactQuery, NewContact
from chalicelib.contacts.serializers import ContactSummary
from chalicelib.contacts.sessions import identify
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
    "TOKEN_LIFE", "Arrival", "ContactSummary", "Newcomer", "anonymous_id", "authenticate", "block",
    "blocked_problem", "check_admission", "check_visitor", "create", "ensure_contact",
    "find_summary", "fingerprint", "get", "get_summary", "identify", "is_blocked_lately",
    "list_contacts", "mint", "payload", "session_ended_problem", "unblock", "update",
]  # fmt: skip


_PARSERS: dict[str, Callable[[str, str], str]] = {
    "name": partial(text.one_line, limit=200, required=False),
    "email": domain.email_address,
    "phone": phones.phone_number,
    "external_id": partial(text.one_line, limit=200, required=False),
}
"""How an operator's value of a plain field is read. Each raises Invalid."""


def ensure_contact(
    ctx: Context[Any], newcomer: Newcomer
) -> tuple[ContactSummary, list[Write], list[Event]]:
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
        _check_same(row, ctx.actor)
    if row is not None and row.merged_into:
        row = store.current_contact(workspace_id, contact_id)
    if row is not None:
        return (
            serializers.to_summary(row),
            [] if row.data.verified or row.blocked else [store.check_unmerged(row)],
            [],
        )
    fresh = _new_contact(ctx, newcomer)
    return serializers.to_summary(fresh), [put_new(fresh)], [ContactCreated(contact_id=contact_id)]


@retry_on_conflict
def block(ctx: Context[Operator], newcomer: Newcomer) -> ContactOut:
    """Take nothing any more of a visitor's contact, which is made if need be. Its sockets close.

    One read. Raises Stale.
    """
    current = store.current_contact(ctx.workspace_id, newcomer.contact_id)
    _check_version(ctx, current)
    row = current or _new_contact(ctx, newcomer)
    if row.blocked:
        return serializers.to_out(row)
    row.blocked = True
    created: list[Event] = [] if current else [ContactCreated(contact_id=row.id)]
    commit(
        save(row) if current else put_new(row),
        events=[*created, ContactUpdated(contact_id=row.id, blocked=True)],
        by=ctx.source(),
    )
    blocking.remember(row)
    return serializers.to_out(row)


def unblock(ctx: Context[Operator], contact_id: str) -> str | None:
    """Take what a contact says again; its id, None if there is no such contact. Raises Stale."""
    current = store.current_contact(ctx.workspace_id, contact_id)
    if current is None:
        _check_version(ctx, current)
        return None
    return update(ctx, current.id, ContactPatch(blocked=False)).id


def check_visitor(visitor: Visitor, now: datetime) -> None:
    """Make sure that a visitor may go on with its session. One read.

    Raises:
        Unauthenticated: It has proved to be somebody since: what is said from now on is for that
            session. Or what let it in doesn't count any more.
        Forbidden: It is blocked.
    """
    del now
    check_admission(visitor)
    row = store.contact(visitor.workspace_id, visitor.contact_id)
    if row is not None:
        _check_same(row, visitor)


def get_summary(workspace_id: str, contact_id: str) -> ContactSummary:
    """A contact by its id.

    Raises:
        Missing: None in this workspace.
    """
    return serializers.to_summary(_get_row(workspace_id, contact_id))


def find_summary(workspace_id: str, contact_id: str) -> ContactSummary | None:
    """A contact by its id, or whom it was merged into; None when there is none (yet)."""
    row = store.current_contact(workspace_id, contact_id)
    return serializers.to_summary(row) if row else None


def get(ctx: Context[Operator], contact_id: str) -> ContactOut:
    """One contact.

    Raises:
        Missing: None in this workspace.
    """
    row = _get_row(ctx.workspace_id, contact_id)
    return msgspec.structs.replace(
        serializers.to_out(row), possible_duplicates=serializers.find_duplicates(row)
    )


def payload(workspace_id: str, contact_id: str) -> ContactOut:
    """One contact, for those who tell of it. Raises Missing."""
    return serializers.to_out(_get_row(workspace_id, contact_id))


def list_contacts(ctx: Context[Operator], query: ContactQuery) -> Page[ContactOut]:
    """Contacts, newest first; by unique key at most one. One query."""
    exact = domain.unique_claims(query.external_id or "", query.email or "", "")
    if exact:
        return Page(
            data=[
                serializers.to_out(row) for row in _find_by_claims(ctx.workspace_id, sorted(exact))
            ]
        )
    words = (query.query or "").casefold().strip()
    scope = (ctx.workspace_id, "contacts", words)
    after = cursors.unseal(query.cursor, *scope) if query.cursor else None
    rows, key = store.page(ctx.workspace_id, limit=query.limit, after=after, query=words)
    return Page(
        data=[serializers.to_out(row) for row in rows],
        next_cursor=cursors.seal(key, *scope) if key else None,
    )


@retry_on_conflict
def create(ctx: Context[Operator], new: NewContact) -> ContactOut:
    """Add a contact by hand.

    Raises:
        Conflict: Another contact has the e-mail, phone or external id.
    """
    row = store.new_contact(ctx.workspace_id, new_id("con"), ctx.now)
    _apply_patch(row, ContactPatch(**{name: getattr(new, name) for name in new.__struct_fields__}))
    if not (row.data.name or fields.unique_claims(row)):
        raise invalid("", "give a name, an e-mail, a phone number or an external id")
    commit(
        put_new(row),
        *store.move_claims(row, (), fields.unique_claims(row)),
        events=[ContactCreated(contact_id=row.id)],
        by=ctx.source(),
    )
    return serializers.to_out(row)


@retry_on_conflict
def update(ctx: Context[Operator], contact_id: str, patch: ContactPatch) -> ContactOut:
    """Change a contact's fields; nothing is written when nothing changes.

    Raises:
        Missing: None in this workspace.
        Stale: `If-Match` named an older version.
        Conflict: Another contact has the new e-mail, phone or external id.
    """
    row = _get_row(ctx.workspace_id, contact_id)
    _check_version(ctx, row)
    before, former_claims, was_blocked = _snapshot(row), fields.unique_claims(row), row.blocked
    _apply_patch(row, patch)
    if _snapshot(row) == before:
        return serializers.to_out(row)
    blocked = row.blocked and not was_blocked
    commit(
        save(row),
        *store.move_claims(row, former_claims, fields.unique_claims(row)),
        events=[ContactUpdated(contact_id=row.id, blocked=blocked)],
        by=ctx.source(),
    )
    blocking.remember(row)
    return serializers.to_out(row)


def _apply_patch(row: Contact, patch: ContactPatch) -> None:
    texts = {name: getattr(patch, name) for name in fields.PLAIN}
    values = {name: _PARSERS[name](name, each) for name, each in texts.items() if each is not None}
    fields.set_values(row, values, "operator")
    if patch.custom is not None:
        wire.storable("custom", patch.custom, limit=identities.CUSTOM_LIMIT)
        before = fields.custom_fields(row)
        fields.remove_custom(row, before.keys() - patch.custom.keys())
        new = {k: v for k, v in patch.custom.items() if k not in before or before[k] != v}
        fields.set_values(row, fields.prefix_custom(new), "operator")
    if patch.blocked is not None:
        row.blocked = patch.blocked
    if patch.tags is not None:
        tags = {text.one_line("tags", tag, limit=50) for tag in patch.tags}
        row.data.tags = tuple(sorted(tags))
    store.update_search(row)


def _snapshot(row: Contact) -> tuple[Any, ...]:
    """What operators may change."""
    return (*fields.snapshot(row), row.data.tags, row.blocked)


def _check_version(ctx: Context[Operator], row: Contact | None) -> None:
    if ctx.if_match is not None and (row is None or ctx.if_match != row.version):
        raise Stale("The contact has changed; load it again")


def _new_contact(ctx: Context[Any], newcomer: Newcomer) -> Contact:
    """The contact that a newcomer becomes."""
    row = store.new_contact(ctx.workspace_id, newcomer.contact_id, ctx.now)
    row.data.locale, row.data.time_zone = newcomer.locale, newcomer.time_zone
    claims.add_to(row, newcomer.claims)
    return row


def _check_same(row: Contact, visitor: Visitor) -> None:
    blocking.check_not_blocked(row)
    if row.merged_into or (row.data.verified and not visitor.verified):
        raise session_ended_problem()


def _get_row(workspace_id: str, contact_id: str) -> Contact:
    row = store.current_contact(workspace_id, contact_id)
    if row is None:
        raise Missing("There is no such contact", code="contact.not_found")
    return row


def _find_by_claims(workspace_id: str, claims: Sequence[str]) -> list[Contact]:
    ids = {store.holder(workspace_id, claim) for claim in claims}
    if len(ids) != 1 or None in ids:
        return []
    return [_get_row(workspace_id, str(ids.pop()))]

"""Visitors whom an operator picks from the list: to be written to, to be blocked."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.contacts import service as contacts
from chalicelib.kit import instants
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.problems import Missing
from chalicelib.visitors import live_list, store
from chalicelib.visitors.schemas import BlockOut
from chalicelib.visitors.store import Presence


@dataclass(frozen=True, slots=True)
class Recipient:
    """A visitor who is to be written to, and the contact that it is or would become."""

    id: str
    newcomer: contacts.Newcomer


def get_recipient(ctx: Context[Operator], visitor_id: str) -> Recipient:
    """A visitor who is to be written to. One read unit.

    Raises:
        Missing: Nobody with this id was here lately.
    """
    row = _get_presence(ctx, visitor_id)
    values = {"name": row.name, "email": row.email}
    claims = {} if row.identified else {field: value for field, value in values.items() if value}
    return Recipient(
        row.id, contacts.Newcomer(row.contact_id, claims, row.visit.locale, row.visit.time_zone)
    )


def block(ctx: Context[Operator], visitor_id: str) -> BlockOut:
    """Take nothing any more of a visitor who is or was here. Reactions end its visits and sockets.

    Raises:
        Missing: Nobody with this id was here lately.
        Stale: `If-Match` named an older version of its contact.
    """
    blocked = contacts.block(ctx, get_recipient(ctx, visitor_id).newcomer)
    return BlockOut(id=visitor_id, contact_id=blocked.id, blocked=True)


def unblock(ctx: Context[Operator], visitor_id: str) -> BlockOut:
    """Take what a visitor says again.

    Raises:
        Missing: Nobody with this id was here lately (its contact can still be unblocked).
        Stale: `If-Match` named an older version of its contact.
    """
    contact_id = contacts.unblock(ctx, _get_presence(ctx, visitor_id).contact_id)
    return BlockOut(id=visitor_id, contact_id=contact_id, blocked=False)


def end_visits(workspace_id: str, contact_id: str) -> None:
    """Show a contact's visitors as gone. Four queries over who is online, a write for each."""
    now = instants.now()
    for row in store.list_online(workspace_id, now):
        if row.contact_id == contact_id and store.end(workspace_id, row, now):
            live_list.publish_gone(workspace_id, row.id)


def _get_presence(ctx: Context[Operator], visitor_id: str) -> Presence:
    row = store.presence(ctx.workspace_id, visitor_id, ctx.now)
    if row is None:
        raise Missing("This visitor is gone", code="visitor.not_found")
    return row

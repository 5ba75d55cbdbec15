"""Who is online: arrive, move, leave, list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.contacts import service as contacts
from chalicelib.kit import instants, text
from chalicelib.kit.actors import Client, Context, Operator, Visitor
from chalicelib.kit.problems import Missing
from chalicelib.visitors import domain, live_list, store
from chalicelib.visitors.frames import PresenceFrame
from chalicelib.visitors.live_list import list_visitors
from chalicelib.visitors.schemas import PageIn
from chalicelib.visitors.selection import Recipient, block, end_visits, get_recipient, unblock
from chalicelib.visitors.store import Presence, Visit

__all__ = [
    "PRESENCE_SECONDS", "Arrival", "Recipient", "block", "end_visits", "get_recipient", "leave",
    "list_visitors", "may_watch", "note_chat", "record_presence", "save_arrival", "unblock",
]  # fmt: skip

PRESENCE_SECONDS = int(domain.REFRESH.total_seconds())


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a browser says of itself when it starts a session."""

    page: PageIn
    locale: str
    time_zone: str
    client: Client


def save_arrival(visitor: Visitor, arrival: Arrival, now: datetime) -> None:
    """Keep what a browser says of itself, for the list. One write; two within a visit."""
    fields = {
        "name": str(visitor.claims.get("name", "")),
        "email": str(visitor.claims.get("email", "")),
        "locale": arrival.locale[:35],
        "time_zone": arrival.time_zone[:60],
        "device": domain.device(arrival.client.agent),
        "country": arrival.client.country,
    }
    referrer = domain.web_address(arrival.page.referrer)
    store.save_profile(visitor.workspace_id, visitor.id, fields, referrer, now)


def record_presence(ctx: Context[Visitor], connection_id: str, frame: PresenceFrame) -> None:
    """Note that a visitor is here, on which page, active or idle.

    A refresh is one write and no read; a page change one more write; the first word of a visit
    reads who it is.
    """
    url = domain.web_address(frame.page.url)
    title = text.cut(" ".join(frame.page.title.split()), 200)
    before = _refresh(ctx, connection_id, url, title, frame.state)
    if before is None:
        row = _begin_visit(ctx, connection_id, url, title, frame.state)
        if row is not None:
            live_list.publish_visitor(ctx.workspace_id, "visitor.online", row)
            return
        before = _refresh(ctx, connection_id, url, title, frame.state)
    if before is None:
        return
    moved = before.url != url
    if not moved and (before.title, before.state) == (title, frame.state):
        return
    before.url, before.title, before.state = url, title, frame.state
    before.online_until = ctx.now + domain.OFFLINE_AFTER
    if moved:
        before.pages = int(before.pages) + 1
        store.touch(ctx.workspace_id, ctx.actor.id, [Presence.pages.add(1)], Presence.id.exists())
    live_list.publish_visitor(ctx.workspace_id, "visitor.moved", before)


def leave(ctx: Context[Any], connection_id: str) -> None:
    """A connection ended cleanly: a visitor is offline when it was the last one."""
    if not isinstance(ctx.actor, Visitor):
        return
    before = store.touch(
        ctx.workspace_id,
        ctx.actor.id,
        [Presence.connections.delete({connection_id})],
        Presence.connections.contains(connection_id),
    )
    if before is None or (before.connections or set()) - {connection_id}:
        return
    is_gone = store.touch(
        ctx.workspace_id,
        ctx.actor.id,
        [Presence.online_until.set(ctx.now)],
        Presence.connections.does_not_exist(),
    )
    if is_gone is not None:
        live_list.publish_gone(ctx.workspace_id, ctx.actor.id)


def note_chat(workspace_id: str, visitor_id: str, conversation_id: str, *, is_over: bool) -> bool:
    """Show a visitor as in a chat, or in that one no more. One write; two for a contact since.

    Says whether anything was noted: nothing of whom the list doesn't know.
    """
    chat = {conversation_id}
    before = store.touch(
        workspace_id,
        visitor_id,
        [Presence.chats.delete(chat) if is_over else Presence.chats.add(chat)],
        Presence.chats.contains(conversation_id) if is_over else Presence.id.exists(),
    )
    if before is None:
        return False
    if before.online_until > instants.now():
        chats = before.chats or set()
        before.chats = chats - chat if is_over else chats | chat
        if not is_over and not before.identified:
            _save_identity(before, workspace_id)
        live_list.publish_visitor(workspace_id, "visitor.moved", before)
    return True


def _save_identity(row: Presence, workspace_id: str) -> None:
    _fill_identity(row, workspace_id)
    updated = store.touch(
        workspace_id,
        row.id,
        [
            Presence.identified.set(row.identified),
            Presence.name.set(row.name),
            Presence.email.set(row.email),
        ],
        Presence.id.exists(),
    )
    row.version = updated.version if updated else row.version


def may_watch(ctx: Context[Operator], rest: str) -> None:
    """Whether the caller may listen to who comes and goes: every operator. Raises Missing."""
    if rest or not isinstance(ctx.actor, Operator):
        raise Missing("There is no such topic", code="topic.not_found")


def _refresh(
    ctx: Context[Visitor], connection_id: str, url: str, title: str, state: str
) -> Presence | None:
    """The row of a visit that goes on, as it was before; None when there is none."""
    return store.touch(
        ctx.workspace_id,
        ctx.actor.id,
        [
            Presence.url.set(url),
            Presence.title.set(title),
            Presence.state.set(state),
            Presence.online_until.set(ctx.now + domain.OFFLINE_AFTER),
            Presence.expires_at.set(_expiry(ctx.now)),
            Presence.connections.add({connection_id}),
        ],
        (Presence.online_until > ctx.now) & (Presence.contact_id == ctx.actor.contact_id),
    )


def _begin_visit(
    ctx: Context[Visitor], connection_id: str, url: str, title: str, state: str
) -> Presence | None:
    """A visit begins, or goes on after a reload: where it came from, pages and chat are kept.

    None when another tab was quicker.
    """
    earlier = store.presence(ctx.workspace_id, ctx.actor.id, ctx.now)
    profile = store.profile(ctx.workspace_id, ctx.actor.id)
    before = earlier if earlier and earlier.contact_id == ctx.actor.contact_id else None
    row = Presence(
        shard=store.shard(ctx.workspace_id, ctx.actor.id),
        id=ctx.actor.id,
        contact_id=ctx.actor.contact_id,
        url=url,
        title=title,
        state=state,
        pages=int(before.pages) + 1 if before else 1,
        chats=before.chats if before else None,
        name=profile.name,
        email=profile.email,
        visit=Visit(
            since=before.visit.since if before else instants.to_text(ctx.now),
            device=profile.device,
            locale=profile.locale,
            time_zone=profile.time_zone,
            country=profile.country,
            referrer=before.visit.referrer if before else profile.referrer,
            visits=max(1, int(profile.visits)),
            verified=ctx.actor.verified,
        ),
        connections={connection_id},
        online_until=ctx.now + domain.OFFLINE_AFTER,
        expires_at=_expiry(ctx.now),
    )
    if not _fill_identity(row, ctx.workspace_id):
        return None
    return row if store.begin(row, ctx.now) else None


def _fill_identity(row: Presence, workspace_id: str) -> bool:
    """Bring into the row who it is. False for somebody who is blocked: nobody sees them."""
    contact = contacts.find_summary(workspace_id, row.contact_id)
    if contact is not None:
        row.identified, row.name, row.email = True, contact.name, contact.email
        row.visit.verified = contact.verified
    return contact is None or not contact.blocked


def _expiry(now: datetime) -> int:
    return int((now + domain.OFFLINE_AFTER + domain.RETENTION).timestamp())

"""What operators see of who is on the site: the list, and frames as visitors come, move and go.

Both are bounded: a page of the list reads some thousand rows at most, and of more frames than
people can follow only every few seconds one says that the list has changed.
"""

from __future__ import annotations

from typing import Any

from chalicelib.contacts import service as contacts
from chalicelib.edge import budgets
from chalicelib.edge.pages import Page
from chalicelib.kit import instants
from chalicelib.kit.actors import Context, Operator
from chalicelib.platform.tables import cursors
from chalicelib.realtime import service as realtime
from chalicelib.visitors import domain, store
from chalicelib.visitors.frames import VisitorGonePush, VisitorPush, VisitorsPush
from chalicelib.visitors.schemas import PageOut, VisitorOut, VisitorQuery
from chalicelib.visitors.store import Presence

_BEGINNING = ("", "")


def list_visitors(ctx: Context[Operator], query: VisitorQuery) -> Page[VisitorOut]:
    """Who is online, longest first. Four queries over everybody of the last hour.

    Of more than some two thousand it is one part after the other, each longest first; a page may
    be short, even empty, and yet not the last.
    """
    scope = (ctx.workspace_id, "visitors", query.filter)
    starts, after = cursors.unseal(query.cursor, *scope) if query.cursor else (None, _BEGINNING)
    part, rest = store.list_online_part(ctx.workspace_id, starts, ctx.now)
    rows = sorted(
        (
            (row.visit.since, row.id, row)
            for row in part
            if _matches(row, query.filter)
            and not contacts.is_blocked_lately(ctx.workspace_id, row.contact_id)
        ),
        key=lambda entry: entry[:2],
    )
    left_over = [entry for entry in rows if entry[:2] > tuple(after)]
    page = left_over[: query.limit]
    further: Any = None
    if len(left_over) > len(page):
        further = (starts, page[-1][:2])
    elif rest is not None:
        further = (rest, _BEGINNING)
    return Page(
        data=[_to_out(entry[2]) for entry in page],
        next_cursor=cursors.seal(further, *scope) if further else None,
    )


def publish_visitor(workspace_id: str, kind: str, row: Presence) -> None:
    """Show a visitor who came or moved to those who watch."""
    _publish(workspace_id, kind, lambda: VisitorPush(visitor=_to_out(row)))


def publish_gone(workspace_id: str, visitor_id: str) -> None:
    """Show that a visitor has left to those who watch."""
    _publish(workspace_id, "visitor.offline", VisitorGonePush(id=visitor_id))


def _publish(workspace_id: str, kind: str, data: realtime.Data) -> None:
    if budgets.may_be_shown(workspace_id):
        realtime.publish(workspace_id, [domain.WATCHERS], kind, data)
    elif budgets.may_be_summed_up(workspace_id):
        realtime.publish(workspace_id, [domain.WATCHERS], "visitors.changed", VisitorsPush())


def _matches(row: Presence, topic: str) -> bool:
    return {
        "all": True,
        "active": row.state == "active",
        "idle": row.state == "idle",
        "in_chat": row.in_chat is not None,
        "identified": row.visit.verified,
    }[topic]


def _to_out(row: Presence) -> VisitorOut:
    visit = row.visit
    return VisitorOut(
        id=row.id,
        contact_id=row.contact_id if row.identified else None,
        name=row.name or None,
        email=row.email or None,
        verified=visit.verified,
        page=PageOut(url=row.url, title=row.title),
        referrer=visit.referrer or None,
        state="idle" if row.state == "idle" else "active",
        in_chat=row.in_chat,
        since=visit.since,
        pages_seen=int(row.pages),
        visits=visit.visits,
        locale=visit.locale or None,
        time_zone=visit.time_zone or None,
        device=visit.device or None,
        country=visit.country or None,
        expires_at=instants.to_text(row.online_until),
        version=int(row.version),
    )

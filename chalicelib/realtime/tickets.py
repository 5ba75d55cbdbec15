"""Tickets, and how many sockets one may have: a hand that holds only so many of both.

A visitor, or an operator's session, has one row that lists its tickets and its connections. To
issue a ticket and to spend it are conditional updates of it, so the limits hold however many come
at once. Connections that have ended are taken out when the hand is full, not when they end: that
would cost a write each time.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from chalicelib.kit.actors import Operator, Visitor
from chalicelib.kit.problems import TooMany
from chalicelib.platform import sockets
from chalicelib.realtime import domain, store

TICKET_LIFE = timedelta(seconds=30)
# API Gateway closes a socket after two hours ("Amazon API Gateway quotas", WebSocket APIs).
CONNECTION_LIFE = timedelta(hours=2, minutes=5)
TICKETS = 20
"""Unspent ones: as many tabs may be restored at once. Of more, the oldest is worth nothing."""
SOCKETS = {Visitor: 20, Operator: 50}
"""Of more, the oldest is closed: it may be a dead one that nobody has told us of."""
SETTLED = timedelta(minutes=1)
"""Younger sockets aren't closed for others: tabs beyond the limit would throw each other out."""


def issue(actor: Operator | Visitor, now: datetime) -> str:
    """A ticket for a socket of the actor's. One write; some more when its hand is full.

    Raises:
        TooMany: It has as many sockets as it may, all of them new (`socket.too_many`).
    """
    hand, most = _hand(actor), SOCKETS[type(actor)]
    ticket = f"{hand}.{int((now + TICKET_LIFE).timestamp())}.{secrets.token_urlsafe(32)}"
    stored, until = domain.serialize(actor), int((now + CONNECTION_LIFE).timestamp())
    for _ in range(3):
        if store.take_ticket(hand, _mark(ticket), stored, until, TICKETS, most):
            return ticket
        _make_room(hand, most, now)
    raise TooMany(
        "Too many sockets are open; close some tabs",
        retry_after=int(SETTLED.total_seconds()),
        code="socket.too_many",
    )


def find_owner(ticket: str, now: datetime) -> Operator | Visitor | None:
    """Whose ticket this is, None when it isn't good (any more). One read unit."""
    hand, ends = _parts(ticket)
    if ends <= now.timestamp():
        return None
    row = store.hand(hand)
    if row is None or row.actor is None or _mark(ticket) not in (row.tickets or ()):
        return None
    return domain.deserialize(row.actor)


def spend(ticket: str, connection_id: str, actor: Operator | Visitor) -> bool:
    """Spend a ticket for a connection; False when it isn't good any more. One write."""
    hand, _ = _parts(ticket)
    # Tickets are out already when the last socket opens: all of them may still come.
    most = SOCKETS[type(actor)] + TICKETS
    return store.spend_ticket(hand, _mark(ticket), connection_id, most)


def _make_room(hand: str, most: int, now: datetime) -> None:
    row = store.hand(hand)
    if row is None:
        return
    tickets = sorted(row.tickets or ())
    expired = {each for each in tickets if int(each.partition(":")[0]) <= now.timestamp()}
    tickets = [each for each in tickets if each not in expired]
    gone = {*expired, *tickets[: max(0, len(tickets) - TICKETS + 1)]}
    alive = sorted(store.connections(row.connections or ()), key=lambda each: each.expires_at)
    ended = set(row.connections or ()) - {each.connection_id for each in alive}
    settled = now + CONNECTION_LIFE - SETTLED
    for oldest in alive[: max(0, len(alive) - most + 1)]:
        if oldest.expires_at <= settled.timestamp():
            sockets.close(oldest.connection_id)
            ended.add(oldest.connection_id)
    store.release(hand, gone, ended)


def _hand(actor: Operator | Visitor) -> str:
    whose = actor.contact_id if isinstance(actor, Visitor) else actor.session_id
    parts = (type(actor).__name__, actor.workspace_id, actor.id, whose)
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def _parts(ticket: str) -> tuple[str, int]:
    """Whose hand a ticket is in, and when it expires, in seconds; 0 for what is no ticket."""
    hand, _, rest = ticket.partition(".")
    ends = rest.partition(".")[0]
    is_one = len(ticket) < 200 and ends.isascii() and ends.isdigit()
    return hand, int(ends) if is_one else 0


def _mark(ticket: str) -> str:
    """What is kept of a ticket; sorts by when it expires."""
    digest = hashlib.sha256(ticket.encode("utf-8", "replace")).hexdigest()
    return f"{_parts(ticket)[1]}:{digest[:40]}"

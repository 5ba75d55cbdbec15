"""Tickets, connections and topics: open, listen, send, close."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.edge import wire
from chalicelib.kit import batches, instants
from chalicelib.kit.actors import Actor, Context, Operator, Visitor
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import Conflict, Forbidden, Missing, Unauthenticated
from chalicelib.platform import sockets
from chalicelib.platform.config import config
from chalicelib.platform.sockets import Posted
from chalicelib.realtime import domain, store, tickets
from chalicelib.realtime.delivery import reach, reach_all
from chalicelib.realtime.schemas import EventFrame, TicketOut
from chalicelib.realtime.tickets import CONNECTION_LIFE

OPENING = timedelta(seconds=15)
"""How long after joining a connection may not be reachable yet: it joins before its handshake
ends, and until then API Gateway calls it gone."""
_REMEMBERED = 20_000

Gate = Callable[[Context[Any], str], None]
Guard = Callable[[Any, datetime], None]
Data = wire.Output | Callable[[], wire.Output | None]
"""What a frame tells; where that costs something, made only if somebody listens (None: nothing)."""

_topics: dict[str, Topic] = {}
_guards: dict[type[Actor], Guard] = {}
_standing: dict[type[Actor], Callable[[Any], None]] = {}
_actors: OrderedDict[str, Actor] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Topic:
    """What operators may subscribe to: who may, and the list's topic that it is always told with.

    A gate gets the context and what stands behind the slash, and raises a Problem to refuse.
    """

    gate: Gate
    home: str | None = None


def register(
    topics: Mapping[str, Topic],
    guards: Mapping[type[Actor], Guard],
    standing: Mapping[type[Actor], Callable[[Any], None]],
) -> None:
    """Which topics there are (`conversation` for `conversation/<id>`), and who may connect.

    A guard, by kind of actor, raises Unauthenticated or Forbidden for somebody who may not any
    more; `standing` asks the same of who is connected, with every frame, and mustn't read.
    """
    _standing.clear()
    _standing.update(standing)
    _topics.clear()
    _topics.update(topics)
    _guards.clear()
    _guards.update(guards)


def issue_ticket(ctx: Context[Operator] | Context[Visitor]) -> TicketOut:
    """A one-time ticket for a socket that acts as the caller. One write; for a visitor, a guard.

    Raises:
        TooMany: The caller has as many sockets as it may, all of them new.
    """
    if isinstance(ctx.actor, Visitor):
        _guards.get(Visitor, _allow_any)(ctx.actor, ctx.now)
    return TicketOut(
        ticket=tickets.issue(ctx.actor, ctx.now),
        url=config().socket_url,
        expires_in=int(tickets.TICKET_LIFE.total_seconds()),
    )


def open_connection(connection_id: str, ticket: str, now: datetime) -> None:
    """Trade a ticket for a connection, listening to its own topics at once.

    The guard asks after the connection is kept, so whoever is signed out meanwhile is found by it
    or by `drop`. The ticket is spent last: one whose connection could not be kept is still good.

    Raises:
        Unauthenticated: The ticket is unknown, used or expired, or its owner was signed out.
    """
    actor = tickets.find_owner(ticket, now)
    if actor is None:
        raise _bad_ticket()
    store.add_connection(
        connection_id,
        actor.workspace_id,
        domain.serialize(actor),
        own_topics(actor),
        _expiry(now, CONNECTION_LIFE),
    )
    try:
        _guards.get(type(actor), _allow_any)(actor, now)
        if not tickets.spend(ticket, connection_id, actor):
            raise _bad_ticket()
    except (Unauthenticated, Forbidden):
        close_connection(connection_id)
        raise
    _remember(connection_id, actor)


def find_actor(connection_id: str) -> Actor | None:
    """Whose connection this is, None when it isn't open; who may not any more is cut off.

    It never changes while a connection lives, so a warm process knows it without a read.
    """
    actor: Actor | None = _actors.get(connection_id)
    if actor is None:
        row = store.connection(connection_id)
        if row is None or row.actor is None:
            return None
        actor = domain.deserialize(row.actor)
        _remember(connection_id, actor)
    return actor if _may_stay(connection_id, actor) else None


def close_connection(connection_id: str) -> Actor | None:
    """Forget a connection; returns whose it was, None when it was forgotten before."""
    _actors.pop(connection_id, None)
    row = store.connection(connection_id)
    if row is None or row.actor is None:
        return None
    store.remove_connection(row, connection_id)
    return domain.deserialize(row.actor)


def drop(workspace_id: str, topic: str) -> None:
    """End every connection that listens to `topic` (a member was removed, a password changed).

    Those that were kept just before are among them: the guard of `open_connection` relies on it.
    """
    key = store.topic_key(workspace_id, topic)
    for row in store.list_listeners(key, {topic}, instants.now(), consistent=True):
        sockets.close(row.id)
        close_connection(row.id)


def subscribe(ctx: Context[Any], connection_id: str, topic: str) -> None:
    """Listen to a topic. Two writes.

    Raises:
        Missing: No such topic, or nothing that the caller may see.
        Conflict: The connection listens to as many as it may (`topic.too_many`).
    """
    name, _, rest = topic.partition("/")
    declared = _topics.get(name)
    if declared is None:
        raise Missing("There is no such topic", code="topic.not_found")
    declared.gate(ctx, rest)
    key = store.topic_key(ctx.workspace_id, _home(topic))
    joined = store.join(connection_id, key, topic, _expiry(ctx.now, CONNECTION_LIFE))
    if joined is None:
        raise _unknown_connection()
    if not joined:
        raise Conflict("Unsubscribe from other topics first", code="topic.too_many")


def unsubscribe(ctx: Context[Any], connection_id: str, topic: str) -> None:
    """Stop listening; nothing happens if the connection didn't."""
    if topic not in own_topics(ctx.actor):
        store.leave(connection_id, store.topic_key(ctx.workspace_id, _home(topic)), topic)


def join_viewers(
    ctx: Context[Operator], connection_id: str, topic: str, *, life: timedelta
) -> list[Operator]:
    """Note that the caller is at `topic` (`viewing/<entity>`) for `life`; returns who is there."""
    key = store.topic_key(ctx.workspace_id, topic)
    stored = domain.serialize(ctx.actor)
    if not store.note(connection_id, key, topic, stored, _expiry(ctx.now, life)):
        raise _unknown_connection()
    rows = store.list_listeners(key, {topic}, ctx.now)
    there = {
        actor.id: actor for row in rows if row.actor for actor in [domain.deserialize(row.actor)]
    }
    return [actor for actor in there.values() if isinstance(actor, Operator)]


def publish(
    workspace_id: str,
    topics: Iterable[str],
    kind: str,
    data: Data,
    *,
    event_id: str | None = None,
    at: str | None = None,
    but: str | None = None,
    also: Callable[[], Iterable[str]] | None = None,
    unless: Set[str] = frozenset(),
) -> int:
    """Send an event once to whoever listens to any of `topics`; returns how many had it.

    Left out are the connection `but` (its own typing) and who listens to any of `unless`. `also`
    answers more topics of the same homes, asked only where somebody listens at all. Half a read
    unit per home and batch of events; gone connections are forgotten by their own id.
    """
    now = instants.now()
    homes: dict[str, set[str]] = {}
    for topic in topics:
        homes.setdefault(store.topic_key(workspace_id, _home(topic)), set()).add(topic)
    # What no event says may be newer than the batch.
    ask = batches.once if event_id else batches.ask_again
    there = {key: ask(key, partial(store.list_home, key)) for key in homes}
    for topic in also() if also and any(there.values()) else ():
        homes[store.topic_key(workspace_id, _home(topic))].add(topic)
    listening = {
        row.id: (key, row)
        for key, names in homes.items()
        for row in store.filter_listeners(there[key], names, now)
        if row.id != but
        and unless.isdisjoint(row.topics or ())
        and (row.actor is None or _may_stay(row.id, domain.deserialize(row.actor)))
    }
    payload = (data() if callable(data) else data) if listening else None
    if payload is None:
        return 0
    event_id, at = event_id or new_id("evt"), at or instants.to_text(now)
    frame = wire.encode(EventFrame(type=kind, id=event_id, at=at, data=payload))
    posted = reach_all(listening, frame)
    for connection_id, (key, row) in listening.items():
        if posted[connection_id] is Posted.GONE and not _is_opening(row, now):
            store.forget(key, [connection_id])
            batches.correct(key, [one for one in there[key] if one.id != connection_id])
    return sum(each is Posted.SENT for each in posted.values())


def send(connection_id: str, frame: wire.Output) -> bool:
    """Answer one connection. False when it is gone."""
    return reach(connection_id, wire.encode(frame)) is not Posted.GONE


def disconnect(connection_id: str) -> None:
    """End a connection whose client doesn't behave; `$disconnect` then forgets it."""
    sockets.close(connection_id)


def own_topics(actor: Actor) -> tuple[str, ...]:
    """What a connection hears without asking."""
    if isinstance(actor, Visitor):
        return (f"contact/{actor.contact_id}",)
    if isinstance(actor, Operator):
        return (f"user/{actor.id}",)
    return ()


def _may_stay(connection_id: str, actor: Actor) -> bool:
    """Whether somebody may still hear and be heard; whoever may not is cut off."""
    try:
        _standing.get(type(actor), _allow_any)(actor)
    except (Unauthenticated, Forbidden):
        sockets.close(connection_id)
        close_connection(connection_id)
        return False
    return True


def _is_opening(row: store.Row, now: datetime) -> bool:
    joined = row.expires_at - CONNECTION_LIFE.total_seconds()
    return now.timestamp() < joined + OPENING.total_seconds()


def _home(topic: str) -> str:
    """Where a topic's listeners are kept: with those of the list that it belongs to, if any."""
    declared = _topics.get(topic.partition("/")[0])
    return (declared.home if declared else None) or topic


def _expiry(now: datetime, life: timedelta) -> int:
    return int((now + life).timestamp())


def _unknown_connection() -> Unauthenticated:
    return Unauthenticated("This connection is not known; connect again")


def _bad_ticket() -> Unauthenticated:
    return Unauthenticated("This ticket is not valid (any more)", code="socket.bad_ticket")


def _allow_any(*_: object) -> None:
    """Nobody is refused."""


def _remember(connection_id: str, actor: Actor) -> None:
    _actors[connection_id] = actor
    while len(_actors) > _REMEMBERED:
        _actors.popitem(last=False)

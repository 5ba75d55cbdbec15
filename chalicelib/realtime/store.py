"""Where open sockets and their topics are kept. Nothing here is durable.

| question                           | asked of    | key                                     |
|------------------------------------|-------------|-----------------------------------------|
| someone's tickets and connections  | connections | topic = "hand#<whose>", id = "-"        |
| whose connection this is           | connections | topic = "connection#<id>", id = "-"     |
| who listens to a topic             | connections | topic = "<workspace>#<home>"            |
| who looks at an entity             | connections | topic = "<workspace>#viewing/<entity>"  |

A topic's home is the topic itself, or another that whoever tells of it tells too: one query then
finds both's listeners (`topics` says to which of them a connection listens).

Rows end at `expires_at` (seconds); readers ignore expired ones, for TTL deletes late.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime

from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action

from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.rows import (
    Model,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from chalicelib.platform.transport.errors import is_failed_condition

transport.install()

TOPICS_LIMIT = 100
"""Topics of one home that a connection may listen to: each frame's readers read them all."""


class Row(Model):
    """A hand (`tickets`, `connections`, `spent_by`: the last); a connection (`topics`: its
    homes, `noted`: where it is); its place in a home."""

    class Meta:
        table_name = table_name("connections")

    topic = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    actor = UnicodeAttribute(null=True)
    tickets = UnicodeSetAttribute(null=True)
    connections = UnicodeSetAttribute(attr_name="held", null=True)
    spent_by = UnicodeAttribute(null=True)
    topics = UnicodeSetAttribute(null=True)
    noted = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    @property
    def connection_id(self) -> str:
        """Of a connection's row."""
        return str(self.topic).removeprefix(_CONNECTION)


_CONNECTION = "connection#"
_EXISTS = Row.topic.exists()


def take_ticket(
    hand: str, mark: str, actor: str, expires_at: int, tickets: int, sockets: int
) -> bool:
    """Add a ticket to a hand that holds fewer of both; says whether it does. One write."""
    room = Row.tickets.does_not_exist() | (size(Row.tickets) < tickets)
    free = Row.connections.does_not_exist() | (size(Row.connections) < sockets)
    actions: list[Action] = [
        Row.actor.set(actor),
        Row.expires_at.set(expires_at),
        Row.tickets.add({mark}),
    ]
    return _update(_hand(hand), "-", actions, room & free)


def hand(hand: str) -> Row | None:
    """A hand: one read unit."""
    return _row(_hand(hand))


def spend_ticket(hand: str, mark: str, connection_id: str, sockets: int) -> bool:
    """Change a ticket for a connection; says whether the hand held it. One write."""
    free = Row.connections.does_not_exist() | (size(Row.connections) < sockets)
    actions: list[Action] = [
        Row.spent_by.set(connection_id),
        Row.tickets.delete({mark}),
        Row.connections.add({connection_id}),
    ]
    return _update(_hand(hand), "-", actions, Row.tickets.contains(mark) & free)


def release(hand: str, marks: Set[str], connection_ids: Set[str]) -> None:
    """Take tickets and connections out of a hand: one write."""
    actions: list[Action] = []
    if marks:
        actions.append(Row.tickets.delete(set(marks)))
    if connection_ids:
        actions.append(Row.connections.delete(set(connection_ids)))
    if actions:
        _update(_hand(hand), "-", actions, _EXISTS)


def connections(connection_ids: Iterable[str]) -> list[Row]:
    """Those of these connections that are there: half a read unit each."""
    keys = [(_connection(each), "-") for each in connection_ids]
    return list(Row.batch_get(keys)) if keys else []


def add_connection(
    connection_id: str, workspace_id: str, actor: str, topics: Iterable[str], expires_at: int
) -> None:
    """Keep a connection and its first topics, each its own home: one batch."""
    names = {topic_key(workspace_id, topic): topic for topic in topics}
    with Row.batch_write() as batch:
        batch.save(
            Row(
                topic=_connection(connection_id),
                id="-",
                actor=actor,
                topics=set(names),
                expires_at=expires_at,
            )
        )
        for name, topic in names.items():
            place = Row(
                topic=name, id=connection_id, topics={topic}, actor=actor, expires_at=expires_at
            )
            batch.save(place)


def connection(connection_id: str) -> Row | None:
    """A connection's row: one read unit."""
    return _row(_connection(connection_id))


def remove_connection(row: Row, connection_id: str) -> None:
    """Forget a connection, its places in all topics, and where it was."""
    with Row.batch_write() as batch:
        batch.delete(row)
        for name in {*(row.topics or ()), *([row.noted] if row.noted else ())}:
            batch.delete(Row(topic=name, id=connection_id))


def join(connection_id: str, key: str, topic: str, expires_at: int) -> bool | None:
    """Let a connection listen to a topic, at its home: two writes.

    None when the connection is gone, False when it listens to as many topics as it may.
    """
    if not _update(_connection(connection_id), "-", [Row.topics.add({key})], _EXISTS):
        return None
    place: list[Action] = [Row.topics.add({topic}), Row.expires_at.set(expires_at)]
    room = Row.topics.does_not_exist() | (size(Row.topics) < TOPICS_LIMIT)
    return _update(key, connection_id, place, room | Row.topics.contains(topic))


def note(connection_id: str, key: str, topic: str, actor: str, expires_at: int) -> bool:
    """Note where a connection is, and no more where it was: two writes, three if it moved.

    False when the connection is gone.
    """
    try:
        answer = Row._get_connection().update_item(
            _connection(connection_id),
            range_key="-",
            actions=[Row.noted.set(key)],
            condition=_EXISTS,
            return_values="UPDATED_OLD",
        )
    except UpdateError as error:
        if is_failed_condition(error):
            return False
        raise
    before = answer.get("Attributes", {}).get("noted", {}).get("S")
    if before not in (None, key):
        Row(topic=before, id=connection_id).delete()
    Row(topic=key, id=connection_id, topics={topic}, actor=actor, expires_at=expires_at).save()
    return True


def leave(connection_id: str, key: str, topic: str) -> None:
    """Let a connection listen to a topic no more: one write. The place goes with the connection."""
    _update(key, connection_id, [Row.topics.delete({topic})], _EXISTS)


def list_listeners(
    key: str, topics: Set[str], now: datetime, *, consistent: bool = False
) -> list[Row]:
    """Who listens to any of a home's topics: half a read unit for some thirty connections."""
    return filter_listeners(list_home(key, consistent=consistent), topics, now)


def list_home(key: str, *, consistent: bool = False) -> list[Row]:
    """All who are in a home, whichever of its topics they listen to."""
    return list(Row.query(key, consistent_read=consistent))


def filter_listeners(rows: Iterable[Row], topics: Set[str], now: datetime) -> list[Row]:
    """Those of a home who listen to any of these topics."""
    return [
        row
        for row in rows
        if row.expires_at > now.timestamp() and not topics.isdisjoint(row.topics or ())
    ]


def forget(key: str, connection_ids: Iterable[str]) -> None:
    """Take connections that turned out gone out of a topic."""
    with Row.batch_write() as batch:
        for connection_id in connection_ids:
            batch.delete(Row(topic=key, id=connection_id))


def topic_key(workspace_id: str, topic: str) -> str:
    """A home's hash key; `viewing/<entity>` rows live under the same scheme."""
    return f"{workspace_id}#{topic}"


def _connection(connection_id: str) -> str:
    return f"{_CONNECTION}{connection_id}"


def _hand(whose: str) -> str:
    return f"hand#{whose}"


def _row(topic: str) -> Row | None:
    try:
        return Row.get(topic, "-", consistent_read=True)
    except DoesNotExist:
        return None


def _update(topic: str, id: str, actions: list[Action], condition: Condition) -> bool:
    """Update a row in place; False when the condition doesn't hold."""
    try:
        Row(topic=topic, id=id).update(actions=actions, condition=condition)
    except UpdateError as error:
        if is_failed_condition(error):
            return False
        raise
    return True

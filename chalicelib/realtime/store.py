"""Where open sockets and their topics are kept. Nothing here is durable.

| question                          | asked of    | key                                     |
|-----------------------------------|-------------|-----------------------------------------|
| a ticket, once                    | connections | topic = "ticket#<sha256>", id = "-"     |
| whose connection this is          | connections | topic = "connection#<id>", id = "-"     |
| who listens to a topic            | connections | topic = "<workspace>#<home>"            |
| who looks at an entity            | connections | topic = "<workspace>#viewing/<entity>"  |

A topic's home is the topic itself, or another that whoever tells of it tells too: one query then
finds both's listeners (`topics` says to which of them a connection listens).

Rows end at `expires_at` (seconds); readers ignore expired ones, for TTL deletes late.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime

from pynamodb.exceptions import DeleteError, DoesNotExist, UpdateError
from pynamodb.expressions.update import Action

from chalicelib.platform import transport
from chalicelib.platform.config import named
from chalicelib.platform.rows import Model, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

transport.install()


class Row(Model):
    """A ticket, a connection (`topics`: its homes), or a connection's place in a home."""

    class Meta:
        table_name = named("connections")

    topic = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    actor = UnicodeAttribute(null=True)
    topics = UnicodeSetAttribute(null=True)
    expires_at = NumberAttribute()


def add_ticket(digest: str, actor: str, expires_at: int) -> None:
    """Keep a ticket: one write."""
    Row(topic=f"ticket#{digest}", id="-", actor=actor, expires_at=expires_at).save()


def take_ticket(digest: str, now: datetime) -> str | None:
    """The actor of a ticket that is still good, which it then no longer is: one write."""
    try:
        answer = Row._get_connection().delete_item(
            f"ticket#{digest}",
            range_key="-",
            condition=Row.expires_at > int(now.timestamp()),
            return_values="ALL_OLD",
        )
    except DeleteError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return None
        raise
    row = Row()
    row.deserialize(answer["Attributes"])
    return row.actor


def add_connection(
    connection_id: str, workspace_id: str, actor: str, topics: Iterable[str], expires_at: int
) -> None:
    """Keep a connection and its first topics, each its own home: one batch."""
    names = {topic_key(workspace_id, topic): topic for topic in topics}
    with Row.batch_write() as batch:
        batch.save(
            Row(
                topic=f"connection#{connection_id}",
                id="-",
                actor=actor,
                topics=set(names),
                expires_at=expires_at,
            )
        )
        for name, topic in names.items():
            place = Row(topic=name, id=connection_id, topics={topic}, expires_at=expires_at)
            batch.save(place)


def connection(connection_id: str) -> Row | None:
    """A connection's row: one read unit."""
    try:
        return Row.get(f"connection#{connection_id}", "-", consistent_read=True)
    except DoesNotExist:
        return None


def remove_connection(row: Row, connection_id: str) -> None:
    """Forget a connection and its places in all topics."""
    with Row.batch_write() as batch:
        batch.delete(row)
        for name in row.topics or ():
            batch.delete(Row(topic=name, id=connection_id))


def join(connection_id: str, key: str, topic: str, *, actor: str | None, expires_at: int) -> bool:
    """Let a connection listen to a topic, at its home: two writes. False when it is gone."""
    try:
        Row(topic=f"connection#{connection_id}", id="-").update(
            actions=[Row.topics.add({key})], condition=Row.topic.exists()
        )
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    place: list[Action] = [Row.topics.add({topic}), Row.expires_at.set(expires_at)]
    if actor is not None:
        place.append(Row.actor.set(actor))
    Row(topic=key, id=connection_id).update(actions=place)
    return True


def leave(connection_id: str, key: str, topic: str) -> None:
    """Let a connection listen to a topic no more: one write. The place goes with the connection."""
    try:
        Row(topic=key, id=connection_id).update(
            actions=[Row.topics.delete({topic})], condition=Row.topic.exists()
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def members(key: str, topics: Set[str], now: datetime, *, consistent: bool = False) -> list[Row]:
    """Who listens to any of a home's topics: half a read unit for some thirty connections."""
    return [
        row
        for row in Row.query(key, consistent_read=consistent)
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

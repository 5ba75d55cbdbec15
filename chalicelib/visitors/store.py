"""Where presence is kept: short-lived rows, nothing durable.

| question                       | asked of | key                                       |
|--------------------------------|----------|-------------------------------------------|
| who is online in a workspace   | presence | shard = "<ws>#0" … "<ws>#3"               |
| one visitor's presence         | presence | shard = "<ws>#<hash>", id = visitor id    |
| a browser's language, visits … | presence | shard = "profile#<ws>", id = visitor id   |

Four shards keep one busy site from being one partition. Readers go by `online_until`; TTL
(`expires_at`) only tidies up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.rows import (
    BooleanAttribute,
    InstantAttribute,
    Model,
    NumberAttribute,
    StructAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from chalicelib.platform.transport.errors import is_failed_condition
from chalicelib.visitors import domain

transport.install()

SHARDS = 4
PART = 500
"""Rows of a shard that one request looks at."""

Starts = list[str | None]


class Visit(msgspec.Struct, array_like=True):
    """What stays the same as long as a visit lasts: no update of a presence asks for it.

    What most have comes first: defaults at the end aren't kept. New fields go to the very end.
    """

    since: str
    device: str = ""
    locale: str = ""
    time_zone: str = ""
    country: str = ""
    referrer: str = ""
    visits: int = 1
    verified: bool = False


class Presence(Model):
    """`chats` are the visitor's conversations that aren't closed; `version` grows with each change,
    and from one visit to the next."""

    class Meta:
        table_name = table_name("presence")

    shard = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    contact_id = UnicodeAttribute()
    identified = BooleanAttribute(attr_name="known", default=False)
    name = UnicodeAttribute(default="")
    email = UnicodeAttribute(default="")
    url = UnicodeAttribute(default="")
    title = UnicodeAttribute(default="")
    state = UnicodeAttribute(default="active")
    chats = UnicodeSetAttribute(null=True)
    pages = NumberAttribute(default=1)
    # Until version 0.1 each field of the value was an attribute of this name.
    visit = StructAttribute(
        Visit, attr_name="visit", former={each: each for each in Visit.__struct_fields__}
    )
    connections = UnicodeSetAttribute(null=True)
    online_until = InstantAttribute()
    expires_at = NumberAttribute()
    version = NumberAttribute(default=0)

    @property
    def in_chat(self) -> str | None:
        """The conversation that was begun last, of those that aren't closed."""
        return max(self.chats or (), default=None)


class Profile(Model):
    class Meta:
        table_name = table_name("presence")

    shard = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    visits = NumberAttribute(default=0)
    name = UnicodeAttribute(default="")
    email = UnicodeAttribute(default="")
    locale = UnicodeAttribute(default="")
    time_zone = UnicodeAttribute(default="")
    device = UnicodeAttribute(default="")
    country = UnicodeAttribute(default="")
    referrer = UnicodeAttribute(default="")
    expires_at = NumberAttribute(default=0)


def save_profile(
    workspace_id: str, visitor_id: str, fields: dict[str, str], referrer: str, now: datetime
) -> None:
    """Keep what the browser says of itself, and count a visit if this begins one.

    One write, two within a visit. `expires_at` tells when the last page was loaded, too.
    """
    row = Profile(shard=f"profile#{workspace_id}", id=visitor_id)
    until = int((now + domain.PROFILE_RETENTION).timestamp())
    actions = [
        Profile.expires_at.set(until),
        *(getattr(Profile, name).set(value) for name, value in fields.items()),
    ]
    begins = Profile.expires_at.does_not_exist() | (
        Profile.expires_at <= until - int(domain.VISIT_ENDS_AFTER.total_seconds())
    )
    try:
        row.update(
            actions=[Profile.visits.add(1), Profile.referrer.set(referrer), *actions],
            condition=begins,
        )
    except UpdateError as error:
        if not is_failed_condition(error):
            raise
        row.update(actions=actions)


def profile(workspace_id: str, visitor_id: str) -> Profile:
    """What a browser said of itself; empty if it has been gone for long. Half a read unit."""
    try:
        return Profile.get(f"profile#{workspace_id}", visitor_id)
    except Profile.DoesNotExist:
        return Profile(shard="", id=visitor_id)


def touch(
    workspace_id: str, visitor_id: str, actions: list[Action], condition: Condition
) -> Presence | None:
    """Change a presence row if `condition` holds: one write, no read.

    Returns the row as it was before, but for its version; None if the condition failed.
    """
    try:
        answer: dict[str, Any] = Presence._get_connection().update_item(
            shard(workspace_id, visitor_id),
            range_key=visitor_id,
            actions=[*actions, Presence.version.add(1)],
            condition=condition,
            return_values="ALL_OLD",
        )
    except UpdateError as error:
        if is_failed_condition(error):
            return None
        raise
    row = Presence()
    row.deserialize(answer["Attributes"])
    row.version = int(row.version) + 1
    return row


def end(workspace_id: str, row: Presence, now: datetime) -> bool:
    """Let a visit be over, if it still is this contact's: one write."""
    over: list[Action] = [Presence.online_until.set(now), Presence.connections.remove()]
    same = Presence.contact_id == row.contact_id
    return touch(workspace_id, row.id, over, same) is not None


def begin(row: Presence, now: datetime) -> bool:
    """Keep the row of a visit that begins: one write. False when one has begun meanwhile."""
    lapsed = Presence.online_until <= now
    another = Presence.contact_id != row.contact_id
    row.version = int(now.timestamp() * 1000)  # a visit changes less often than each millisecond
    try:
        row.save(condition=Presence.id.does_not_exist() | lapsed | another)
    except PutError as error:
        if is_failed_condition(error):
            return False
        raise
    return True


def presence(workspace_id: str, visitor_id: str, now: datetime) -> Presence | None:
    """The row of a visitor who is online or was lately: one read unit."""
    try:
        row = Presence.get(shard(workspace_id, visitor_id), visitor_id, consistent_read=True)
    except Presence.DoesNotExist:
        return None
    return row if row.expires_at > now.timestamp() else None


def list_online(workspace_id: str, now: datetime) -> Iterator[Presence]:
    """Everybody who is online: four queries."""
    for number in range(SHARDS):
        rows = Presence.query(
            f"{workspace_id}#{number}", filter_condition=Presence.online_until > now
        )
        yield from rows


def list_online_part(
    workspace_id: str, starts: Starts | None, now: datetime
) -> tuple[list[Presence], Starts | None]:
    """Who is online among the next rows, and where what is left begins, None at the end.

    `starts` has the visitor's id to go on after in each shard; None: the shard is read whole. Four
    queries, some 125 read units at most.
    """
    rows: list[Presence] = []
    rest: Starts = []
    for number, start in enumerate([""] * SHARDS if starts is None else starts):
        if start is None:
            rest.append(None)
            continue
        key = f"{workspace_id}#{number}"
        page = _first_page(key, {"shard": {"S": key}, "id": {"S": start}} if start else None, now)
        rows += [Presence.from_raw_data(item) for item in page["Items"]]
        rest.append(page.get("LastEvaluatedKey", {}).get("id", {}).get("S"))
    return rows, rest if any(rest) else None


def _first_page(key: str, start: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    rows = Presence.query(
        key,
        filter_condition=Presence.online_until > now,
        page_size=PART,
        last_evaluated_key=start,
    )
    page: dict[str, Any] = next(rows.page_iter)
    return page


def shard(workspace_id: str, visitor_id: str) -> str:
    """The hash key of a visitor's row."""
    number = hashlib.sha256(visitor_id.encode()).digest()[0] % SHARDS
    return f"{workspace_id}#{number}"

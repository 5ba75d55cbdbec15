"""From the outbox's stream to those who react (`wiring.SUBSCRIBERS`).

Each reaction is tried on its own: one that keeps failing is parked and tried again by the
clock, and neither silences the others nor holds up the stream. Reactions must bear seeing an
event twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.kit.actors import Author
from chalicelib.kit.events import Event, Recorded
from chalicelib.platform import outbox, parking
from chalicelib.platform.outbox import OutboxRow
from chalicelib.platform.parking import Parked

log = logging.getLogger("foyer.consume")

Reaction = Callable[[Recorded], None]
Subscribers = Mapping[type[Event], Sequence[Reaction]]

_PARKED_AT_ONCE = 25


def consume(records: Sequence[Mapping[str, Any]], subscribers: Subscribers) -> dict[str, Any]:
    """Let everybody react to a batch of stream records, in order.

    Returns Lambda's partial batch answer: only a record whose failure could not even be parked
    is reported, so that the stream brings it (and what follows) again. What is no event of ours
    is passed over: it would be none the next time either.
    """
    for record in records:
        image = record.get("dynamodb", {}).get("NewImage")
        if record.get("eventName") != "INSERT" or image is None:
            continue
        row = outbox.read(image)
        if row is None:
            log.error("record %s is no event", record["dynamodb"].get("SequenceNumber"))
            continue
        try:
            _announce(row, subscribers)
        except Exception:
            log.exception("event %s could not be parked", row.id)
            sequence = record["dynamodb"]["SequenceNumber"]
            return {"batchItemFailures": [{"itemIdentifier": sequence}]}
    return {"batchItemFailures": []}


def retry_parked(subscribers: Subscribers, now: datetime) -> int:
    """Try the longest-parked reactions again, at each tick of the clock.

    One that isn't there any more (a version was rolled back, a name changed) fails like the others
    and is given up in the end, but never forgotten. Returns how many succeeded.
    """
    del now
    reactions = {
        (kind.name, _name(reaction)): (kind, reaction)
        for kind, reacting in subscribers.items()
        for reaction in reacting
    }
    done = 0
    for row in parking.oldest(_PARKED_AT_ONCE):
        try:
            kind, reaction = reactions[(row.name, row.subscriber)]
            reaction(_recorded(row, kind, row.event_id))
            row.delete()
            done += 1
        except Exception as error:
            log.exception("%s failed again on %s", row.subscriber, row.event_id)
            parking.shelve(row, repr(error))
    return done


def _announce(row: OutboxRow, subscribers: Subscribers) -> None:
    for kind, reactions in subscribers.items():
        if kind.name != row.name:
            continue
        for reaction in reactions:
            try:
                reaction(_recorded(row, kind, row.id))
            except Exception as error:
                log.exception("%s failed on %s", _name(reaction), row.id)
                _park(row, reaction, error)


def _park(row: OutboxRow, reaction: Reaction, error: Exception) -> None:
    Parked(
        shelf=parking.WAITING,
        id=f"{row.id}#{_name(reaction)}",
        subscriber=_name(reaction),
        event_id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        at=row.at,
        actor=row.actor,
        data=row.data,
        error=repr(error)[:1000],
    ).save()


def _recorded(row: OutboxRow | Parked, kind: type[Event], event_id: str) -> Recorded:
    return Recorded(
        id=event_id,
        workspace_id=row.workspace_id,
        at=row.at,
        event=msgspec.json.decode(row.data, type=kind),
        actor=msgspec.json.decode(row.actor, type=Author),
    )


def _name(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{reaction.__name__}"

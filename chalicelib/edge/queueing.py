"""Reactions that go through a queue, for they are slow or tell somebody outside.

Such a reaction prepares, and answers what is to be done outside (or None): only that is done once,
whatever comes twice; the preparation bears repeating like any reaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps

import msgspec

from chalicelib.edge.consume import Reaction, Subscribers, reaction_name
from chalicelib.kit import instants
from chalicelib.kit.events import Event, Recorded
from chalicelib.platform import queues
from chalicelib.platform.queues import EventCopy
from chalicelib.platform.tables import outbox

Act = Callable[[], object]
"""What is done outside, once."""
Preparation = Callable[[Recorded], Act | None]
Lanes = Mapping[str, Mapping[type[Event], Sequence[Preparation]]]
"""By the names of queues."""


def join(subscribers: Subscribers, lanes: Lanes) -> Subscribers:
    """All who react: those of `lanes` by putting a message on their queue."""
    whole: dict[type[Event], list[Reaction]] = {
        kind: list(reactions) for kind, reactions in subscribers.items()
    }
    for lane, preparing in lanes.items():
        for kind, preparations in preparing.items():
            whole.setdefault(kind, []).extend(_queueing(lane, each) for each in preparations)
    return whole


def _queueing(lane: str, preparation: Preparation) -> Reaction:
    name = reaction_name(preparation)

    @wraps(preparation)
    def put(recorded: Recorded) -> None:
        event = _copy_if_old(recorded)
        queues.put(lane, queues.Message(recorded.workspace_id, recorded.id, name, event))

    return put


def _copy_if_old(recorded: Recorded) -> EventCopy | None:
    """What was given up and is redriven after weeks may outlive its event on the queue, where
    messages stay for a fortnight at most."""
    if instants.now() - instants.from_text(recorded.at) < outbox.LIFE / 2:
        return None
    return EventCopy(
        name=recorded.event.name,
        at=recorded.at,
        actor=msgspec.json.encode(recorded.actor).decode(),
        data=msgspec.json.encode(recorded.event).decode(),
    )

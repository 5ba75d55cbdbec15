"""Reactions that go through a queue, for they are slow or tell somebody outside.

Such a reaction prepares, and answers what is to be done outside (or None): only that is done once,
whatever comes twice; the preparation bears repeating like any reaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps

from chalicelib.edge.consume import Reaction, Subscribers, reaction_name
from chalicelib.kit.events import Event, Recorded
from chalicelib.platform import queues

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
        queues.put(lane, queues.Message(recorded.workspace_id, recorded.id, name))

    return put

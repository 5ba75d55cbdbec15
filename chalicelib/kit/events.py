"""Facts, named in the past tense, written in the same transaction as the change they tell of.

A module's `events.py` subclasses `Event`; the class attribute `name` is the public name (feed,
socket, webhooks) and stands nowhere else. Events carry ids, not contents: what is said can be
edited or erased later, and a narrow row costs one write unit less.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from chalicelib.kit.actors import Author


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of one workspace. Subclasses add fields and set `name` (`conversation.closed`)."""

    name: ClassVar[str]


class Recorded(msgspec.Struct, frozen=True):
    """An event as it left the outbox.

    `id` is unique and sorts by time of writing; a subscriber may see the same id again.
    """

    id: str
    workspace_id: str
    at: str
    event: Event
    actor: Author

"""What may become of a conversation. No clock, no table: time comes in as a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

NOBODY = "none"
"""Whose conversation it is that isn't anybody's."""


class Status(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Assignee:
    """A member of the team who is responsible."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Thread:
    """As much of a conversation as the rules look at.

    `waiting_since` is the customer's oldest unanswered message, None when the last word was
    ours. `snoozed_until` is None while snoozed until the next reply. `snoozed_before` keeps the
    time that a reply cut short, so that "re-snooze until then" is one click.
    """

    status: Status = Status.OPEN
    assignee: Assignee | None = None
    snoozed_until: datetime | None = None
    snoozed_before: datetime | None = None
    waiting_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a conversation adds to its workspace's counts; an empty one adds nothing.

    `queue` is whose open conversation it is: the assignee's id, or `none`. `readers` are the marks
    of those who have read all that nobody has answered yet; without anything to answer, nobody.
    """

    queue: str | None = None
    is_unanswered: bool = False
    readers: frozenset[str] = frozenset()

    def entries(self) -> Counter[tuple[str, str]]:
        """Each count that it adds one to: in which row, and what."""
        if self.queue is None:
            return Counter()
        found = Counter({(f"queue#{self.queue}", "open"): 1})
        if self.is_unanswered:
            found[f"queue#{self.queue}", "unanswered"] = 1
        found.update((f"reader#{reader}#{self.queue}", "read") for reader in self.readers)
        return found


def tally(thread: Thread, *, seq: int, answered: int, read_by: Mapping[str, int]) -> Tally:
    """What an open conversation of `seq` messages, `answered` up to one of them, adds to counts."""
    if thread.status is not Status.OPEN:
        return Tally()
    is_unanswered = seq > answered
    readers = (reader for reader, mark in read_by.items() if is_unanswered and mark >= seq)
    queue = thread.assignee.id if thread.assignee else NOBODY
    return Tally(queue, is_unanswered, frozenset(readers))


def hear_customer(thread: Thread, now: datetime) -> Thread:
    """A customer's message opens the thread and starts the clock, once."""
    return replace(_open(thread), waiting_since=thread.waiting_since or now)


def reply(thread: Thread, by: Assignee, *, assign_on_reply: bool) -> Thread:
    """Our message answers; an unassigned open thread becomes the replier's, if that is set.

    A reply doesn't open what is snoozed or closed: who answers and puts aside means it.
    """
    answered = replace(thread, waiting_since=None)
    if assign_on_reply and thread.assignee is None:
        return replace(answered, assignee=by)
    return answered


def close(thread: Thread) -> Thread:
    """Done; a snooze ends with it."""
    return replace(
        thread,
        status=Status.CLOSED,
        snoozed_until=None,
        snoozed_before=None,
        waiting_since=None,
    )


def reopen(thread: Thread) -> Thread:
    """Somebody takes it up again."""
    return _open(thread)


def snooze(thread: Thread, until: datetime | None) -> Thread:
    """Put off until an instant, or until the customer's next reply."""
    return replace(thread, status=Status.SNOOZED, snoozed_until=until, snoozed_before=None)


def assign(thread: Thread, assignee: Assignee | None) -> Thread:
    """Somebody else is responsible, or nobody."""
    return replace(thread, assignee=assignee)


def is_due(thread: Thread, now: datetime) -> bool:
    """Whether the clock should wake it: a close or reopen meanwhile wins over a late wake-up."""
    return (
        thread.status is Status.SNOOZED
        and thread.snoozed_until is not None
        and thread.snoozed_until <= now
    )


def wake(thread: Thread) -> Thread:
    """Its time has come."""
    return replace(thread, status=Status.OPEN, snoozed_until=None, snoozed_before=None)


def read_on(marks: dict[str, int], reader: str, seq: int, *, limit: int) -> dict[str, int]:
    """Reading marks per operator with `reader`'s moved on, the `limit` most recent ones."""
    moved = {reader: max(seq, marks.get(reader, 0))}
    moved.update((who, mark) for who, mark in marks.items() if who != reader)
    return dict(islice(moved.items(), limit))


def _open(thread: Thread) -> Thread:
    if thread.status is Status.OPEN:
        return thread
    return replace(
        thread,
        status=Status.OPEN,
        snoozed_until=None,
        snoozed_before=thread.snoozed_until,
    )

"""Reactions that failed, as people look at them: told in groups, and tried again.

For one machine (`infra.local.stream.redrive`) and for stages (`infra.packaging.redrive`) alike.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kit import instants
from chalicelib.platform.tables import done, parking
from chalicelib.platform.tables.parking import Parked


@dataclass(frozen=True, slots=True)
class Group:
    """What failed alike: `shelf` is `waiting` or `given_up`, `since` when the first of it did."""

    shelf: str
    reaction: str
    error: str
    number: int
    workspaces: int
    since: str


def groups() -> list[Group]:
    """All that is parked, the given up first, the most first."""
    alike: dict[tuple[str, str, str], list[Parked]] = defaultdict(list)
    for shelf in (parking.GIVEN_UP, parking.WAITING):
        for row in parking.list_shelf(shelf):
            alike[shelf, short(row.subscriber), row.error].append(row)
    all_groups = [
        Group(
            shelf,
            reaction,
            error,
            len(rows),
            len({row.workspace_id for row in rows}),
            min(row.since for row in rows),
        )
        for (shelf, reaction, error), rows in alike.items()
    ]
    return sorted(all_groups, key=lambda group: (group.shelf, -group.number))


def redrive(reaction: str = "", *, waiting: bool = False) -> int:
    """Let what was given up (with `waiting`, all) be tried at the next tick; how much that is.

    `reaction` names one of `groups`; what is tried again has a day's tries before it.
    """
    now = instants.now()
    shelves = (parking.GIVEN_UP, parking.WAITING) if waiting else (parking.GIVEN_UP,)
    chosen = [
        row
        for shelf in shelves
        for row in parking.list_shelf(shelf)
        if reaction in ("", short(row.subscriber))
    ]
    return sum(_redrive_row(row, now) for row in chosen)


def _redrive_row(row: Parked, now: datetime) -> bool:
    """Also what may have been done: who says so has looked, or takes it twice."""
    done.forget(row.event_id, row.subscriber)
    return parking.redrive(row, now)


def short(subscriber: str) -> str:
    """A reaction's name without what all have: `conversations.reactions.show_message`."""
    return subscriber.removeprefix("chalicelib.")


def to_table(groups: list[Group]) -> str:
    """A table for a terminal."""
    if not groups:
        return "No reaction has failed."
    lines = [("shelf", "number", "workspaces", "since", "reaction", "error")] + [
        (
            group.shelf.replace("_", " "),
            str(group.number),
            str(group.workspaces),
            group.since[:16],
            group.reaction,
            group.error[:80],
        )
        for group in groups
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )

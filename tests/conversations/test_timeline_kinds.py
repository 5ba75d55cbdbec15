"""A module above adds entries of its own to a conversation's timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib import wiring
from chalicelib.conversations import service as conversations
from chalicelib.conversations.service import Entry, EntryKind, InTimeline
from chalicelib.edge import meta
from chalicelib.edge.wire import Output
from chalicelib.kit import instants
from chalicelib.kit.actors import Context, Operator
from tests.support.team import Team


class NoteOut(Output, tag_field="kind", tag="note"):
    """A note, as some module above might have."""

    id: str
    text: str


NOTES: dict[str, list[tuple[str, str]]] = {}
"""By conversation: the instant and the text of each, oldest first."""


def newest_notes(
    ctx: Context[Operator], of: InTimeline, before: int | str | None, limit: int
) -> tuple[list[Entry], bool]:
    assert ctx.workspace_id == of.workspace_id
    kept = NOTES[of.id][: len(NOTES[of.id]) if before is None else int(before)]
    places = range(len(kept) - 1, max(-1, len(kept) - 1 - limit), -1)
    page = [
        Entry(kept[place][0], place, NoteOut(f"note {place}", kept[place][1])) for place in places
    ]
    return page, len(kept) > limit


@pytest.fixture
def notes() -> Iterator[None]:
    conversations.register_timeline((*wiring.TIMELINE, EntryKind(NoteOut, newest_notes)))
    yield
    conversations.register_timeline(wiring.TIMELINE)
    NOTES.clear()


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_entries_of_a_kind_from_above_stand_among_the_others_by_time(
    team: Team, limit: int
) -> None:
    begin = instants.now()
    guest = team.guest()
    with time_machine.travel(begin, tick=False):
        conversation_id = str(guest.start("message 1")["conversation"]["id"])
    NOTES[conversation_id] = []
    for second in range(2, 9, 2):
        moment = begin + timedelta(seconds=second)
        NOTES[conversation_id].append((instants.to_text(moment), f"note {second}"))
        with time_machine.travel(moment + timedelta(seconds=1), tick=False):
            guest.say(conversation_id, f"message {second + 1}")
    expected = [
        "message 1",
        *(text for n in (2, 4, 6, 8) for text in (f"note {n}", f"message {n + 1}")),
    ]
    assert texts(team, conversation_id, limit) == expected


@pytest.mark.usefixtures("notes")
def test_the_contract_says_what_a_timeline_may_hold() -> None:
    apis = wiring.ROUTES[:-1]
    routes = meta.api_about(apis, wiring.ACTIONS.values(), wiring.PUSHES, wiring.IDS)
    document: Any = routes.routes[-1].view(None)
    page = document["components"]["schemas"]["TimelinePage"]
    kinds = page["properties"]["data"]["items"]["discriminator"]["mapping"]
    assert set(kinds) == {"message", "event", "note"}


def texts(team: Team, conversation_id: str, limit: int) -> list[str]:
    """All of a timeline's texts, oldest first, page by page back."""
    found: list[str] = []
    path = f"/v1/conversations/{conversation_id}/timeline?limit={limit}"
    page = team.owner.get(path).ok()
    while True:
        found = [each["text"] for each in page["data"] if each["kind"] != "event"] + found
        if not page["next_cursor"]:
            return found
        page = team.owner.get(f"{path}&cursor={page['next_cursor']}").ok()

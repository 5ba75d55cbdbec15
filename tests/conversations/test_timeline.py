"""The timeline: messages and changes, page by page back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.kit import instants
from tests.support.team import Guest, Team

# Seconds by which the clock of whoever does the next thing is ahead.
CLOCKS = {
    "right": [0] * 12,
    "one far ahead": [0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    "by turns": [30, 0, 10, 0, 20, 0, 30, 0, 10, 0, 20, 0],
}


@pytest.mark.parametrize("clocks", CLOCKS.values(), ids=CLOCKS.keys())
@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_whatever_clocks_say_nothing_is_skipped_or_repeated(
    team: Team, clocks: list[int], limit: int
) -> None:
    guest = team.guest()
    conversation_id = guest.start("message 1")["conversation"]["id"]
    for number, ahead in enumerate(clocks, start=2):
        with time_machine.travel(instants.now() + timedelta(seconds=ahead)):
            done(team, guest, conversation_id, number)
    team.pump()
    entries = read_all(team, conversation_id, limit)
    assert [each["seq"] for each in entries if each["kind"] == "message"] == [1, 2, 3, 4, 5, 6, 7]
    changes = [each["id"] for each in entries if each["kind"] == "event"]
    assert len(changes) == len(set(changes)) == 6 + 6


@pytest.mark.parametrize("limit", [2, 4])
def test_the_last_page_is_known_to_be_the_last(team: Team, limit: int) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    for number in range(2, 5):
        guest.say(conversation_id, f"message {number}")
    path = f"/v1/conversations/{conversation_id}/timeline?limit={limit}"
    cursors = 0
    page = team.owner.get(path).ok()
    while page["next_cursor"]:
        cursors += 1
        page = team.owner.get(f"{path}&cursor={page['next_cursor']}").ok()
        assert page["data"]
    assert cursors == 4 // limit - 1


def test_there_is_nothing_before_the_first_message(team: Team) -> None:
    conversation_id = team.guest().start()["conversation"]["id"]
    for seq in (0, 1):
        page = team.owner.get(f"/v1/conversations/{conversation_id}/messages?before_seq={seq}")
        assert page.ok()["data"] == []


def done(team: Team, guest: Guest, conversation_id: str, number: int) -> None:
    """By turns an operator closes and the customer's message opens again."""
    if number % 2:
        guest.say(conversation_id, f"message {number}")
    else:
        team.owner.post(f"/v1/conversations/{conversation_id}/close").ok()


def read_all(team: Team, conversation_id: str, limit: int) -> list[dict[str, Any]]:
    """All entries, oldest first, read in pages from the newest back."""
    path = f"/v1/conversations/{conversation_id}/timeline?limit={limit}"
    page = team.owner.get(path).ok()
    entries: list[dict[str, Any]] = page["data"]
    while page["next_cursor"]:
        page = team.owner.get(f"{path}&cursor={page['next_cursor']}").ok()
        entries = page["data"] + entries
    return entries

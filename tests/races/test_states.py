"""Who is first? Claims, closes and the clock at the same moment."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

import app
from chalicelib.kit import instants
from tests.budgets.actions import TICK
from tests.races.at_once import ROUNDS, THREADS, count_events, events_of, racing, statuses
from tests.support.sockets import Management
from tests.support.team import Person, Team, sign_up

OPERATORS = 8
OVERDUE = 300


@pytest.fixture(scope="module")
def crew(management: Management) -> tuple[Team, list[Person]]:
    """A workspace with eight operators."""
    team = sign_up(management)
    return team, [team.owner, *(team.join(f"Op{number}") for number in range(1, OPERATORS))]


def tick() -> Any:
    """A minute passes."""
    return app.every_minute(TICK, None)


def start_and_snooze(team: Team, until: str) -> str:
    """A conversation that sleeps until then."""
    conversation_id: str = team.guest().start()["conversation"]["id"]
    team.owner.post(f"/v1/conversations/{conversation_id}/snooze", {"until": until}).ok()
    return conversation_id


def test_of_all_who_claim_at_once_one_gets_it(crew: tuple[Team, list[Person]]) -> None:
    team, operators = crew
    claimants = operators * (THREADS // OPERATORS)
    with racing() as together:
        for _ in range(ROUNDS):
            conversation_id = team.guest().start()["conversation"]["id"]
            answers = together(
                [
                    partial(person.post, f"/v1/conversations/{conversation_id}/claim")
                    for person in claimants
                ]
            )
            assert set(statuses(answers)) == {200, 409}
            winners = {p.id for p, a in zip(claimants, answers, strict=True) if a.status == 200}
            assert {a.code for a in answers if a.status == 409} == {"conversation.claimed"}
            told = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
            assert winners == {told["assignee"]["id"]}
            assert count_events(team, conversation_id)["conversation.assigned"] == 1


def test_the_clock_and_a_close_at_once_end_in_a_close(team: Team) -> None:
    with time_machine.travel(instants.now() - timedelta(hours=2)):
        until = instants.to_text(instants.now() + timedelta(hours=1))
        sleeping = [start_and_snooze(team, until) for _ in range(ROUNDS)]

    def close_all(backwards: bool) -> list[int]:
        order = sleeping[::-1] if backwards else sleeping
        return [team.owner.post(f"/v1/conversations/{each}/close").status for each in order]

    with racing() as together:
        together(
            [
                *([tick] * (THREADS // 2)),
                *([partial(close_all, number % 2 == 1) for number in range(THREADS // 2)]),
            ]
        )
    for conversation_id in sleeping:
        assert team.owner.get(f"/v1/conversations/{conversation_id}").ok()["status"] == "closed"
        happened = count_events(team, conversation_id)
        assert happened["conversation.closed"] == 1
        assert happened["conversation.opened"] <= 1


def test_all_that_is_overdue_wakes_once_however_late_the_clock_comes(team: Team) -> None:
    long_ago = instants.now() - timedelta(days=300)
    sleeping = []
    for number in range(OVERDUE):
        with time_machine.travel(long_ago + timedelta(minutes=number)):
            sleeping.append(
                start_and_snooze(team, instants.to_text(instants.now() + timedelta(days=1)))
            )
    with racing() as together:
        together([tick, tick])
    awake = set()
    cursor = ""
    while True:
        page = team.owner.get(f"/v1/conversations?limit=100{cursor}").ok()
        awake |= {each["id"] for each in page["data"]}
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert awake == set(sleeping)
    woken = Counter(row.data for row in events_of(team) if row.name == "conversation.opened")
    assert (len(woken), set(woken.values())) == (OVERDUE, {1})

"""How many are open and unread: kept, true for everybody, whatever order the events come in."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import app
from tests.support.clock import schedule_event
from tests.support.team import Guest, Person, Team


def counts(who: Person) -> dict[str, dict[str, int]]:
    answer: dict[str, dict[str, int]] = who.get("/v1/conversations/counts").ok()
    return answer


def numbers(every: int, mine: int = 0, unassigned: int | None = None) -> dict[str, int]:
    return {"all": every, "mine": mine, "unassigned": every if unassigned is None else unassigned}


def act(who: Person, conversation_id: str, action: str, **body: Any) -> None:
    who.post(f"/v1/conversations/{conversation_id}/{action}", body).ok()


def begin(guest: Guest) -> str:
    return str(guest.start()["conversation"]["id"])


def counted_by_reading(who: Person) -> dict[str, dict[str, int]]:
    """The same numbers, by going through all that is open."""
    rows: list[dict[str, Any]] = []
    path: str | None = "/v1/conversations?status=open&limit=100"
    while path:
        page = who.get(path).ok()
        rows += page["data"]
        path = (
            page["next_cursor"] and f"{path.partition('&cursor=')[0]}&cursor={page['next_cursor']}"
        )

    def of(rows: list[dict[str, Any]]) -> dict[str, int]:
        assignees = [(row["assignee"] or {}).get("id") for row in rows]
        return numbers(len(rows), assignees.count(who.id), assignees.count(None))

    return {"open": of(rows), "unread": of([row for row in rows if row["unread"]])}


def test_a_workspace_without_conversations_counts_nothing(team: Team) -> None:
    assert counts(team.owner) == {"open": numbers(0), "unread": numbers(0)}


def test_what_customers_write_is_open_and_unread_once_however_much_they_write(team: Team) -> None:
    guest = team.guest()
    first = begin(guest)
    guest.say(first, "and more")
    begin(team.guest())
    team.pump()
    guest.say(first, "and more")
    team.pump()
    assert counts(team.owner) == {"open": numbers(2), "unread": numbers(2)}


def test_reading_counts_for_the_reader_and_answering_for_all(team: Team) -> None:
    ben, guest = team.join("Ben"), team.guest()
    conversation_id = begin(guest)
    act(ben, conversation_id, "read", seq=1)
    team.pump()
    assert counts(ben) == {"open": numbers(1), "unread": numbers(0)}
    assert counts(team.owner) == {"open": numbers(1), "unread": numbers(1)}
    guest.say(conversation_id, "Still there?")
    team.pump()
    assert counts(ben)["unread"] == counts(team.owner)["unread"] == numbers(1)
    ben.post(
        f"/v1/conversations/{conversation_id}/messages", {"text": "Yes", "client_id": "c" * 26}
    ).ok()
    team.pump()
    assert counts(ben)["unread"] == counts(team.owner)["unread"] == numbers(0)
    assert counts(ben)["open"] == numbers(1, mine=1, unassigned=0)
    assert counts(team.owner)["open"] == numbers(1, unassigned=0)


def test_closed_and_snoozed_ones_leave_the_counts_and_come_back_with_the_customer(
    team: Team,
) -> None:
    guest, other = team.guest(), team.guest()
    closed, snoozed = begin(guest), begin(other)
    act(team.owner, closed, "close")
    act(team.owner, snoozed, "snooze", until=None)
    team.pump()
    assert counts(team.owner) == {"open": numbers(0), "unread": numbers(0)}
    guest.say(closed, "One more thing")
    team.pump()
    assert counts(team.owner) == {"open": numbers(1), "unread": numbers(1)}


def test_events_that_come_twice_and_in_any_order_count_once(team: Team) -> None:
    ben, rng = team.join("Ben"), random.Random(7)
    guests = [team.guest() for _ in range(4)]
    ids = [begin(guest) for guest in guests]
    for guest, conversation_id in zip(guests, ids, strict=True):
        for _ in range(6):
            who = rng.choice((ben, team.owner))
            action = rng.choice(("close", "open", "claim", "read", "say"))
            if action == "say":
                guest.say(conversation_id, "Hello?")
            elif action == "claim":
                act(team.owner, conversation_id, "assign", assignee_id=rng.choice((ben.id, None)))
            else:
                act(who, conversation_id, action, **({"seq": 1} if action == "read" else {}))
    records = team.records()
    shuffled = rng.sample([*records, *records], 2 * len(records))
    for record in shuffled:
        assert app.consume_outbox({"Records": [record]}, None) == {"batchItemFailures": []}
    for who in (ben, team.owner):
        assert counts(who) == counted_by_reading(who)


def test_what_was_open_before_there_were_counts_is_counted_within_a_minute(team: Team) -> None:
    for _ in range(3):
        begin(team.guest())
    team.records()  # nobody counts these
    assert counts(team.owner)["open"] == numbers(0)
    app.every_minute(schedule_event(), None)
    assert counts(team.owner) == counted_by_reading(team.owner)
    assert counts(team.owner)["open"] == numbers(3)


def test_nobody_sees_the_counts_of_another_workspace_and_no_customer_any(team: Team) -> None:
    guest = team.guest()
    begin(guest)
    team.pump()
    assert guest.get("/v1/conversations/counts").status == 403


def test_sixteen_who_count_at_once_count_each_conversation_once(team: Team) -> None:
    for _ in range(16):
        begin(team.guest())
    records = team.records()
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(
            lambda record: app.consume_outbox({"Records": [record]}, None), [*records, *records]
        )
        assert all(answer == {"batchItemFailures": []} for answer in answers)
    assert counts(team.owner) == {"open": numbers(16), "unread": numbers(16)}

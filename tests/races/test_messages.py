"""Messages that come at the same moment: none lost, none twice, numbered without a gap."""

from __future__ import annotations

from functools import partial

from tests.races.at_once import (
    ROUNDS,
    THREADS,
    count_events,
    events_of,
    racing,
    statuses,
    texts_in_order,
)
from tests.support.api import Answer
from tests.support.team import Guest, Team, fresh


def sending(guest: Guest, conversation_id: str, text: str, client_id: str) -> Answer:
    """A customer's message, whatever comes of it."""
    path = f"/v1/widget/conversations/{conversation_id}/messages"
    return guest.post(path, {"text": text, "client_id": client_id})


def starting(guest: Guest, text: str, client_id: str) -> Answer:
    """The beginning of a conversation, whatever comes of it."""
    return guest.post("/v1/widget/conversations", {"text": text, "client_id": client_id})


def close(team: Team, conversation_id: str) -> Answer:
    """A close, whatever comes of it."""
    return team.owner.post(f"/v1/conversations/{conversation_id}/close")


def test_one_message_sent_sixteen_times_is_one_message(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start("first")["conversation"]["id"]
    with racing() as together:
        for number in range(ROUNDS):
            client_id = fresh()
            answers = together(
                [partial(sending, guest, conversation_id, f"{number}", client_id)] * THREADS
            )
            assert statuses(answers) == {201: THREADS}
            assert len({answer.json["id"] for answer in answers}) == 1
    expected = [(1, "first"), *((number + 2, f"{number}") for number in range(ROUNDS))]
    assert texts_in_order(team, conversation_id) == expected
    assert count_events(team, conversation_id)["message.created"] == ROUNDS + 1


def test_one_beginning_sent_sixteen_times_is_one_conversation(team: Team) -> None:
    with racing() as together:
        for _ in range(ROUNDS):
            guest, client_id = team.guest(), fresh()
            answers = together([partial(starting, guest, "Hello", client_id)] * THREADS)
            assert statuses(answers) == {201: THREADS}
            assert len({answer.json["conversation"]["id"] for answer in answers}) == 1
            assert len({answer.json["message"]["id"] for answer in answers}) == 1
            assert len(guest.get("/v1/widget/conversations").ok()["data"]) == 1
    names = [row.name for row in events_of(team)]
    assert names.count("conversation.created") == names.count("contact.created") == ROUNDS


def test_messages_of_many_tabs_are_numbered_without_a_gap(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start("first")["conversation"]["id"]
    accepted = {"first"}
    with racing() as together:
        for number in range(ROUNDS):
            texts = [f"{number}-{thread}" for thread in range(THREADS)]
            answers = together(
                [partial(sending, guest, conversation_id, text, f"client-{text}") for text in texts]
            )
            assert set(statuses(answers)) <= {201, 409}
            accepted |= {answer.json["text"] for answer in answers if answer.status == 201}
    found = texts_in_order(team, conversation_id)
    assert [seq for seq, _ in found] == list(range(1, len(found) + 1))
    assert {text for _, text in found} == accepted
    assert len(found) == len(accepted)
    assert len(accepted) > 0.95 * ROUNDS * THREADS
    shown = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
    assert (shown["last_seq"], shown["unread"]) == (len(found), len(found))


def test_messages_that_reopen_at_once_open_it_once(team: Team) -> None:
    with racing() as together:
        for _ in range(ROUNDS):
            guest = team.guest()
            conversation_id = guest.start("first")["conversation"]["id"]
            team.owner.post(f"/v1/conversations/{conversation_id}/close").ok()
            answers = together(
                [
                    partial(sending, guest, conversation_id, f"{number}", f"message-{number}")
                    for number in range(THREADS)
                ]
            )
            happened = count_events(team, conversation_id)
            assert happened["conversation.opened"] == happened["conversation.closed"] == 1
            assert_numbered(team, conversation_id, answers)


def test_closing_and_writing_at_once_leave_no_doubt(team: Team) -> None:
    with racing() as together:
        for _ in range(ROUNDS):
            guest = team.guest()
            conversation_id = guest.start("first")["conversation"]["id"]
            writing = [
                partial(sending, guest, conversation_id, f"{number}", f"message-{number}")
                for number in range(THREADS // 2)
            ]
            closing = [partial(close, team, conversation_id)] * len(writing)
            answers = together([*writing, *closing])
            assert set(statuses(answers)) <= {200, 201, 409}
            happened = count_events(team, conversation_id)
            status = team.owner.get(f"/v1/conversations/{conversation_id}").ok()["status"]
            still_closed = happened["conversation.closed"] - happened["conversation.opened"]
            assert (still_closed, status) in {(0, "open"), (1, "closed")}
            assert_numbered(team, conversation_id, answers[: len(writing)])


def assert_numbered(team: Team, conversation_id: str, answers: list[Answer]) -> None:
    """What was accepted is there, numbered without a gap; few were told to come again."""
    accepted = [answer.json["text"] for answer in answers if answer.status == 201]
    assert len(accepted) > len(answers) / 2
    found = texts_in_order(team, conversation_id)
    assert [seq for seq, _ in found] == list(range(1, len(accepted) + 2))
    assert {text for _, text in found} == {"first", *accepted}

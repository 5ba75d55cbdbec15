"""Conversations follow their contact, whatever an index doesn't know yet or who was quicker."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import app
from chalicelib.contacts import service as contacts
from chalicelib.conversations import lists, store
from chalicelib.platform.tables.outbox import OutboxRow
from tests.support.faults import FOR_EVER, Fault, Faults, empty
from tests.support.team import Guest, Team


def of_contact(request: dict[str, Any]) -> bool:
    return request.get("IndexName") == "by_contact"


def begin(team: Team) -> tuple[Guest, str, str]:
    """A visitor with a conversation; its id and its contact's."""
    guest = team.guest()
    started = guest.start()["conversation"]["id"]
    row = store.conversation(team.workspace_id, started)
    assert row
    return guest, started, row.contact_id


def rename(team: Team, contact_id: str, name: str) -> None:
    team.owner.patch(f"/v1/contacts/{contact_id}", {"name": name}).ok()


def name_of(team: Team, conversation_id: str) -> str:
    found: str = team.owner.get(f"/v1/conversations/{conversation_id}").ok()["contact"]["name"]
    return found


def names_of_events(team: Team) -> Counter[str]:
    rows = OutboxRow.query(team.workspace_id, consistent_read=True)
    return Counter(row.name for row in rows)


def test_one_that_the_index_does_not_know_yet_follows(team: Team, faults: Faults) -> None:
    _, conversation, contact = begin(team)
    team.pump()
    faults.plan(empty, "Query", when=of_contact, times=FOR_EVER)
    rename(team, contact, "Nora")
    team.pump()
    assert name_of(team, conversation) == "Nora"


def test_one_that_was_begun_with_the_former_name_is_put_right(team: Team) -> None:
    """The contact was read, then renamed, then the conversation was written."""
    guest, first, contact = begin(team)
    rename(team, contact, "Nora")
    team.pump()
    second = guest.start("Another")["conversation"]["id"]
    row = store.conversation(team.workspace_id, second)
    assert row
    row.data.contact_name = "Visitor as it was"
    row.save()
    team.pump()
    assert (name_of(team, first), name_of(team, second)) == ("Nora", "Nora")


def test_one_that_is_written_while_it_is_to_follow_follows(team: Team, faults: Faults) -> None:
    _, conversation, contact = begin(team)
    team.pump()
    rename(team, contact, "Nora")
    raced = {"CancellationReasons": [{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]}
    quicker = Fault(400, "TransactionCanceledException", details=raced)
    faults.plan(quicker, "TransactWriteItems", table="conversations", times=3)
    team.pump()
    assert name_of(team, conversation) == "Nora"


def test_however_many_there_are_all_follow_in_parts(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "WINDOW", 3)
    guest, _, contact = begin(team)
    for _ in range(7):
        guest.start("More")
    team.pump()
    rename(team, contact, "Nora")
    assert team.pump().count("contact.part_followed") == 2
    page = team.owner.get("/v1/conversations?limit=100").ok()["data"]
    assert [each["contact"]["name"] for each in page] == ["Nora"] * 8


def test_what_is_told_again_changes_nothing_more(team: Team) -> None:
    _, conversation, contact = begin(team)
    rename(team, contact, "Nora")
    team.pump()
    before = names_of_events(team)
    team._seen.clear()
    team.pump()
    assert names_of_events(team) == before
    assert name_of(team, conversation) == "Nora"


def test_a_change_that_is_told_late_brings_back_nothing_old(team: Team) -> None:
    _, conversation, contact = begin(team)
    team.pump()
    rename(team, contact, "Nora")
    early = team.records()
    rename(team, contact, "Nora Maria")
    team.pump()
    app.consume_outbox({"Records": early}, None)
    known = contacts.find_summary(team.workspace_id, contact)
    assert known
    assert name_of(team, conversation) == known.name == "Nora Maria"

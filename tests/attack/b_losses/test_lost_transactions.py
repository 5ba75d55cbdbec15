"""A transaction whose answer was lost is known again by the event that it wrote, and done once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.platform.tables.outbox import OutboxRow
from chalicelib.platform.transport import witnesses
from tests.support.faults import FOR_EVER, Fault, Faults, cut, fail, fail_after, lose, throttle
from tests.support.team import Team, fresh

WRITE, LOOK = "TransactWriteItems", "GetItem"


@pytest.mark.parametrize("fault", [lose, fail_after], ids=str)
def test_a_write_whose_answers_are_all_lost_is_done_and_said_to_be(
    team: Team, faults: Faults, fault: Fault
) -> None:
    faults.plan(fault, WRITE, times=FOR_EVER)
    made = _contact(team)
    assert faults.seen.count(WRITE) == 1
    assert team.owner.get(f"/v1/contacts/{made}").ok()["name"] == "Ann"
    assert team.pump().count("contact.created") == 1


@pytest.mark.parametrize("fault", [cut, fail], ids=str)
def test_a_write_that_was_never_done_is_done_then(team: Team, faults: Faults, fault: Fault) -> None:
    faults.plan(fault, WRITE, times=2)
    _contact(team)
    assert faults.seen.count(WRITE) == 3
    assert team.pump().count("contact.created") == 1


def test_looking_for_the_event_may_go_wrong_as_well(team: Team, faults: Faults) -> None:
    faults.plan(lose, WRITE)
    faults.plan(cut, LOOK, table="outbox", times=2)
    faults.plan(throttle, LOOK, table="outbox")
    _contact(team)
    assert faults.seen.count(WRITE) == 1
    assert team.pump().count("contact.created") == 1


def test_a_message_is_answered_with_itself_however_answers_are_lost(
    team: Team, faults: Faults
) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    for fault in (lose, cut, fail_after, fail, lose):
        faults.plan(fault, WRITE)
        guest.say(conversation_id, "Still there?")
    page = guest.get(f"/v1/widget/conversations/{conversation_id}/messages").ok()["data"]
    assert [message["seq"] for message in page] == list(range(1, 7))


def test_one_machine_sends_no_token_where_an_event_tells_and_aws_always_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {"workspace_id": {"S": "ws_1"}, "id": {"S": f"evt_{fresh()}"}}
    params: dict[str, Any] = {
        "TransactItems": [
            {"Put": {"TableName": "things", "Item": {"id": {"S": "a"}}}},
            {"Put": {"TableName": OutboxRow.Meta.table_name, "Item": told}},
        ]
    }
    seen = witnesses.witness(params)
    assert seen is not None
    assert (seen["Key"], seen["ConsistentRead"]) == (told, True)
    assert witnesses.witness({"TransactItems": params["TransactItems"][:1]}) is None
    assert witnesses.witness({**params, "ClientRequestToken": "mine"}) is None
    monkeypatch.delenv("FOYER_DYNAMODB_ENDPOINT")
    assert witnesses.witness(params) is None


def _contact(team: Team) -> str:
    made: str = team.owner.post("/v1/contacts", {"name": "Ann"}).ok()["id"]
    return made

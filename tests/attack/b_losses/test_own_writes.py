"""One's own write is known again: a lost answer, wherever it falls, changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform import transport
from chalicelib.platform.tables.attempts import Attempt
from chalicelib.realtime import store as connections
from tests.support.api import Answer, Client
from tests.support.faults import FOR_EVER, Fault, Faults, cut, fail_after, lose, throttle
from tests.support.sockets import Socket
from tests.support.team import Guest, Team, fresh

Deed = Callable[[Team, Guest], Answer]


def _sign_in(team: Team, guest: Guest) -> Answer:
    del guest
    body = {"email": team.owner.email, "password": team.owner.password}
    return Client().post("/v1/auth/login", body)


def _refresh(team: Team, guest: Guest) -> Answer:
    del guest
    return Client().post("/v1/auth/refresh", {"refresh_token": team.owner.refresh_token})


def _sign_up(team: Team, guest: Guest) -> Answer:
    del team, guest
    body = {
        "email": f"{fresh().lower()}@shop.example",
        "password": "correct horse 7",
        "name": "Ada",
        "workspace_name": "Ada's",
    }
    return Client().post("/v1/auth/signup", body)


def _arrive(team: Team, guest: Guest) -> Answer:
    del guest
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    return Client().post("/v1/widget/session", {"widget_key": team.widget_key, "page": page})


def _begin(team: Team, guest: Guest) -> Answer:
    del team
    return guest.post("/v1/widget/conversations", {"text": "Hello", "client_id": fresh()})


def _contact(team: Team, guest: Guest) -> Answer:
    del guest
    return team.owner.post("/v1/contacts", {"name": "Ann"}, **{"Idempotency-Key": fresh()})


def _open_socket(team: Team, guest: Guest) -> Answer:
    ticket = guest.post("/v1/socket-tickets")
    if ticket.status >= 300:
        return ticket
    socket = Socket(team.management, guest, ticket.json["ticket"])
    return Answer(socket.status, {}, "")


DEEDS: dict[str, tuple[Deed, int]] = {
    "sign in": (_sign_in, 200),
    "refresh": (_refresh, 200),
    "sign up": (_sign_up, 201),
    "arrive": (_arrive, 200),
    "begin a conversation": (_begin, 201),
    "make a contact under a key": (_contact, 201),
    "open a socket": (_open_socket, 200),
}
ONE_FAULT: dict[str, Fault] = {
    "the answer is lost": lose,
    "done, but called a failure": fail_after,
    "cut before it arrives": cut,
    "throttled": throttle,
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("fault", ONE_FAULT)
def test_one_mishap_anywhere_in_a_deed_is_not_noticed(
    team: Team, faults: Faults, deed: str, fault: str
) -> None:
    do, expected = DEEDS[deed]
    guest = team.guest()
    faults.seen.clear()
    assert do(team, guest).status == expected
    requests = len(faults.seen)
    assert requests > 0
    team.owner.refresh_token = _sign_in(team, guest).ok()["refresh_token"]
    for place in range(requests):
        newcomer = team.guest()
        faults.plan(ONE_FAULT[fault], skip=place)
        told = do(team, newcomer)
        faults.clear()
        assert told.status == expected, (place, told.body)
        if deed == "refresh":
            team.owner.refresh_token = told.json["refresh_token"]


def test_a_contact_made_under_a_key_while_answers_are_lost_is_made_once(
    team: Team, faults: Faults
) -> None:
    for place in range(3):
        faults.plan(lose, skip=place)
        key = {"Idempotency-Key": fresh()}
        name = f"Ann {place}"
        first = team.owner.post("/v1/contacts", {"name": name}, **key).ok()
        faults.clear()
        assert team.owner.post("/v1/contacts", {"name": name}, **key).json == first
    assert len(team.owner.get("/v1/contacts").ok()["data"]) == 3


def test_a_begin_whose_answer_is_lost_goes_on_and_is_not_taken_for_another_request(
    team: Team, faults: Faults
) -> None:
    faults.plan(lose, "PutItem", table="attempts")
    made = team.owner.post("/v1/contacts", {"name": "Ann"}, **{"Idempotency-Key": fresh()})
    assert (made.status, made.code) == (201, None)


def test_a_ticket_whose_connection_could_not_be_kept_is_still_good(
    team: Team, faults: Faults
) -> None:
    for fault in (throttle, cut, lose):
        ticket = team.owner.post("/v1/socket-tickets").ok()["ticket"]
        faults.plan(fault, "BatchWriteItem", times=FOR_EVER)
        assert Socket(team.management, team.owner, ticket).status == 503
        faults.clear()
        assert Socket(team.management, team.owner, ticket).status == 200
        assert Socket(team.management, team.owner, ticket).status == 401


def test_a_ticket_that_many_use_at_once_opens_one_socket_however_answers_are_lost(
    team: Team, faults: Faults
) -> None:
    ticket = team.owner.post("/v1/socket-tickets").ok()["ticket"]
    faults.plan(lose, "UpdateItem", times=2)
    with ThreadPoolExecutor(6) as many:
        opening = [many.submit(Socket, team.management, team.owner, ticket) for _ in range(6)]
        opened = [each.result() for each in opening]
    told = sorted(each.status for each in opened)
    assert told.count(200) <= 1
    assert set(told) <= {200, 401, 503}
    there = [each for each in opened if connections.connection(each.id)]
    assert [each.status for each in there if each.status == 200] == [200] * told.count(200)


def test_a_count_whose_answer_is_lost_counts_once(team: Team, faults: Faults) -> None:
    del team
    row: dict[str, Any] = {"TableName": "foyer-tries", "Key": {"id": {"S": fresh()}}}
    add = {
        **row,
        "UpdateExpression": "SET last_at = :one ADD hits :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
        "ReturnValues": "ALL_NEW",
    }
    for fault in (lose, fail_after, cut, throttle):
        faults.plan(fault, "UpdateItem")
        transport.call("UpdateItem", add)
    assert transport.call("GetItem", row)["Item"]["hits"] == {"N": "4"}


def test_what_another_wrote_is_never_taken_for_ones_own(team: Team, faults: Faults) -> None:
    del team
    name = fresh()
    put: dict[str, Any] = {
        "TableName": "foyer-attempts",
        "Item": {"id": {"S": name}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    transport.call("PutItem", put)
    faults.plan(cut, "PutItem")
    with pytest.raises((ClientError, BotoCoreError)):
        transport.call("PutItem", put)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        transport.call("PutItem", put)
    assert Attempt.get(name).id == name


def test_old_values_that_nobody_has_any_more_are_not_made_up(team: Team, faults: Faults) -> None:
    del team
    faults.plan(lose, "UpdateItem")
    update = {
        "TableName": "foyer-tries",
        "Key": {"id": {"S": fresh()}},
        "UpdateExpression": "ADD hits :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
        "ReturnValues": "ALL_OLD",
    }
    with pytest.raises(BotoCoreError):
        transport.call("UpdateItem", update)

"""How many tickets and sockets one may have, however one comes by them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from chalicelib.kit import instants
from chalicelib.platform import transport
from chalicelib.realtime import store, tickets
from tests.support.api import Client
from tests.support.sockets import Socket
from tests.support.team import Team

Who = Callable[[Team], Client]


def a_visitor(team: Team) -> Client:
    return team.guest()


def an_operator(team: Team) -> Client:
    return team.owner


def a_ticket(client: Client) -> str:
    return str(client.post("/v1/socket-tickets").ok()["ticket"])


def is_open(socket: Socket, team: Team) -> bool:
    return socket.id in team.management.open


@pytest.mark.parametrize("who", [a_visitor, an_operator])
def test_of_more_tickets_than_one_needs_the_oldest_are_worth_nothing(team: Team, who: Who) -> None:
    client = who(team)
    issued = []
    for second in range(tickets.TICKETS + 5):
        with time_machine.travel(instants.now() + timedelta(seconds=second * 0.5)):
            issued.append(a_ticket(client))
    assert {Socket(team.management, client, each).status for each in issued[:3]} == {401}
    assert Socket(team.management, client, issued[-1]).status == 200
    rows = [store.hand(each.partition(".")[0]) for each in issued]
    assert len((rows[0] and rows[0].tickets) or ()) <= tickets.TICKETS


def test_twenty_tabs_restored_at_once_all_get_their_socket(team: Team) -> None:
    guest = team.guest()
    with ThreadPoolExecutor(10) as pool:
        issued = list(pool.map(lambda _: a_ticket(guest), range(20)))
    with ThreadPoolExecutor(10) as pool:
        open_status = list(pool.map(lambda one: Socket(team.management, guest, one).status, issued))
    assert open_status == [200] * 20


@pytest.mark.parametrize(("who", "most"), [(a_visitor, 20), (an_operator, 50)])
def test_of_more_sockets_than_one_may_have_the_oldest_is_closed(
    team: Team, who: Who, most: int
) -> None:
    client = who(team)
    sockets = []
    with time_machine.travel(instants.now()) as clock:
        for _ in range(most):
            sockets.append(Socket(team.management, client))
            clock.shift(timedelta(seconds=3))
        assert all(is_open(each, team) for each in sockets)
        clock.shift(timedelta(minutes=1))
        sockets.append(Socket(team.management, client))
    assert [is_open(each, team) for each in sockets] == [False] + [True] * most


def test_more_sockets_at_once_than_one_may_have_are_refused_for_a_minute(team: Team) -> None:
    guest, another = team.guest(), team.guest()
    sockets = [Socket(team.management, guest) for _ in range(20)]
    refused = guest.post("/v1/socket-tickets")
    assert (refused.status, refused.code) == (429, "socket.too_many")
    assert refused.headers["retry-after"] == "60"
    assert all(is_open(each, team) for each in sockets)
    assert Socket(team.management, another).status == 200
    with time_machine.travel(instants.now() + timedelta(seconds=61)):
        assert Socket(team.management, guest).status == 200


def test_sockets_that_were_closed_make_room(team: Team) -> None:
    guest = team.guest()
    for _ in range(3):
        open_status = [Socket(team.management, guest) for _ in range(18)]
        assert {each.status for each in open_status} == {200}
        for socket in open_status:
            socket.close()


def test_three_hundred_sockets_at_once_are_never_more_than_forty(team: Team) -> None:
    guest = team.guest()

    def open_status(_: int) -> int:
        answer = guest.post("/v1/socket-tickets")
        if answer.status == 429:
            return 429
        socket = Socket(team.management, guest, str(answer.json["ticket"]))
        return int(socket.status)

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(open_status, range(300)))
    assert 20 <= told.count(200) <= 20 + tickets.TICKETS
    assert set(told) <= {200, 401, 429}


def test_a_made_up_ticket_opens_nothing(team: Team) -> None:
    ticket = a_ticket(team.guest())
    hand, ends, secret = ticket.split(".")
    later = str(int(ends) + 1000)
    for made_up in ("", ".", hand, f"{hand}.{later}.{secret}", f"{hand}.{ends}.x", f"{hand}.²."):
        assert Socket(team.management, team.owner, made_up or "-").status == 401
    assert Socket(team.management, team.owner, ticket).status == 200


def test_people_pay_one_write_for_a_ticket_however_often_they_come(team: Team) -> None:
    guest = team.guest()
    calls: list[str] = []
    for _ in range(15):
        with transport.observe(lambda call: calls.append(call.operation)):
            ticket = a_ticket(guest)
        Socket(team.management, guest, ticket).close()
    assert calls.count("UpdateItem") == 15
    assert "Query" not in calls
    assert "BatchGetItem" not in calls

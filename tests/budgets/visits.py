"""Visitors, sockets, sessions and the clock: what happens, and what it may cost."""

from __future__ import annotations

import app
from tests.budgets.actions import (
    CLOCK,
    LINE,
    PRESENT,
    REST,
    SNOOZED,
    SOCKET,
    TICK,
    Act,
    action,
    doing,
    looking,
    quiet,
    take,
    talking,
)
from tests.support.api import Client
from tests.support.sockets import Socket
from tests.support.team import Team


@action("Start a widget session, a new visitor", REST)
def _new_session(team: Team) -> Act:
    team.guest()
    return team.guest


@action("Start a widget session, a contact", REST)
def _known_session(team: Team) -> Act:
    guest, _ = talking(team)
    return lambda: team.guest(visitor_secret=guest.secret)


@action("Block a visitor", REST)
def _block(team: Team) -> Act:
    guest = team.guest()
    team.socket(guest).send(PRESENT)
    return lambda: team.owner.post(f"/v1/visitors/{guest.visitor_id}/block").ok()


@action("List who is on the site (five visitors)", REST)
def _visitors(team: Team) -> Act:
    for _ in range(5):
        team.socket(team.guest()).send(PRESENT)
    return looking(team.owner, "/v1/visitors?limit=50")


@action("Sign in on a known device", REST)
def _login(team: Team) -> Act:
    told = {
        "email": team.owner.email,
        "password": team.owner.password,
        "device_token": team.owner.device_token,
    }
    return lambda: Client().post("/v1/auth/login", told).ok()


@action("Refresh a session (every 15 minutes)", REST)
def _refresh(team: Team) -> Act:
    told = {"refresh_token": team.owner.refresh_token}
    return lambda: Client().post("/v1/auth/refresh", told).ok()


@action("Get a socket ticket", REST)
def _ticket(team: Team) -> Act:
    team.owner.get("/v1/me").ok()
    return lambda: team.owner.post("/v1/socket-tickets").ok()


@action("Open a socket", SOCKET)
def _connect(team: Team) -> Act:
    guest = team.guest()
    ticket = guest.post("/v1/socket-tickets").ok()["ticket"]
    return lambda: Socket(team.management, guest, ticket)


@action("Subscribe to a topic", SOCKET)
def _subscribe(team: Team) -> Act:
    socket = team.socket(team.owner)
    return lambda: socket.send({"action": "subscribe", "topic": "conversations"})


@action("A visitor comes online", SOCKET)
def _appear(team: Team) -> Act:
    socket = team.socket(team.guest())
    return lambda: socket.send(PRESENT)


@action("Presence refresh (every 150 s)", SOCKET, trips=1, reads=0, writes=1)
def _presence(team: Team) -> Act:
    socket = team.socket(team.guest())
    socket.send(PRESENT)
    return lambda: socket.send(PRESENT)


@action("A visitor goes to another page", SOCKET)
def _move(team: Team) -> Act:
    socket = team.socket(team.guest())
    socket.send(PRESENT)
    elsewhere = {**PRESENT, "page": {"url": "https://shop.example/pay", "title": "Pay"}}
    return lambda: socket.send(elsewhere)


@action("A visitor leaves", SOCKET)
def _leave(team: Team) -> Act:
    socket = team.socket(team.guest())
    socket.send(PRESENT)
    return socket.close


@action("Typing", SOCKET)
def _type(team: Team) -> Act:
    guest, conversation_id = take(team)
    socket = team.socket(guest)
    return lambda: socket.send({"action": "typing", "conversation_id": conversation_id})


@action("An idle minute, 200 conversations snoozed", CLOCK, reads=4, writes=0)
def _idle(team: Team) -> Act:
    for _ in range(SNOOZED):
        conversation_id = team.guest().start(LINE)["conversation"]["id"]
        doing(team, conversation_id, "snooze", {"until": "2027-01-01T09:00:00Z"})()
    quiet()
    return lambda: app.every_minute(TICK, None)

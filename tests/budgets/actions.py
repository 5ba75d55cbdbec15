"""How an action is declared, prepared and metered, and what preparing takes.

`talk` and `visits` declare the actions. Texts have 500 bytes; messages that are read by the page
have the 100 of an ordinary chat line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import app
from chalicelib.platform.tables import parking
from chalicelib.platform.tables.outbox import OutboxRow
from tests.budgets.meter import Meter, new_meter
from tests.support.api import Client
from tests.support.sockets import Management
from tests.support.team import Guest, Team, fresh, sign_up

REST, SOCKET, EVENT, CLOCK = "REST", "socket", "event", "clock"
TEXT = "x" * 500
LINE = "y" * 100
SNOOZED = 200
PAGE = {"url": "https://shop.example/cart", "title": "Cart"}
PRESENT = {"action": "presence", "page": PAGE, "state": "active"}
TICK = {
    "version": "0",
    "id": "tick",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "1",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {},
}

Act = Callable[[], Any]


@dataclass(frozen=True)
class Budget:
    """The most that an action may ask for; None where nothing was promised."""

    trips: int | None = None
    reads: float | None = None
    writes: float | None = None


@dataclass(frozen=True)
class Action:
    """Something people do: `door` says which way it comes in, `prepare` gives what is metered."""

    name: str
    door: str
    budget: Budget
    prepare: Callable[[Team], Act]


ACTIONS: list[Action] = []


def action(
    name: str, door: str, *, trips: int | None = None, reads: float | None = None,
    writes: float | None = None,
) -> Callable[[Callable[[Team], Act]], Callable[[Team], Act]]:  # fmt: skip
    """Add a function to `ACTIONS`."""

    def add(prepare: Callable[[Team], Act]) -> Callable[[Team], Act]:
        ACTIONS.append(Action(name, door, Budget(trips, reads, writes), prepare))
        return prepare

    return add


def measure(one: Action, management: Management) -> Meter:
    """What an action costs in a workspace of its own, in a process that knows its people."""
    act = one.prepare(sign_up(management))
    with new_meter() as meter:
        act()
    return meter


def talking(team: Team) -> tuple[Guest, str]:
    """A customer and its conversation, nobody's yet."""
    guest = team.guest()
    conversation_id = guest.start(TEXT)["conversation"]["id"]
    guest.say(conversation_id, TEXT)
    team.pump()
    return guest, conversation_id


def take(team: Team) -> tuple[Guest, str]:
    """A customer and its conversation, which is the owner's."""
    guest, conversation_id = talking(team)
    team.owner.post(f"/v1/conversations/{conversation_id}/claim").ok()
    team.pump()
    return guest, conversation_id


def replying(team: Team, conversation_id: str) -> Act:
    """The owner writes to the customer."""
    path = f"/v1/conversations/{conversation_id}/messages"
    return lambda: team.owner.post(path, {"text": TEXT, "client_id": fresh()}).ok()


def doing(team: Team, conversation_id: str, named: str, body: Any = None) -> Act:
    """One of a conversation's named actions."""
    return lambda: team.owner.post(f"/v1/conversations/{conversation_id}/{named}", body).ok()


def looking(client: Client, path: str) -> Act:
    """A GET, by somebody whom this process has seen before."""
    client.get(path).ok()
    return lambda: client.get(path).ok()


def consuming(team: Team, events: int = 1) -> Act:
    """The consumer at work on the last events of the workspace."""
    rows = list(OutboxRow.query(team.workspace_id, scan_index_forward=False, limit=events))
    records = [
        {
            "eventID": row.id,
            "eventName": "INSERT",
            "eventSource": "aws:dynamodb",
            "dynamodb": {"NewImage": row.serialize(), "SequenceNumber": row.id},
        }
        for row in reversed(rows)
    ]
    return lambda: app.consume_outbox({"Records": records}, None)


def busy(team: Team) -> None:
    """Thirty conversations: five the owner's, the rest nobody's."""
    for number in range(30):
        conversation_id = team.guest().start(LINE)["conversation"]["id"]
        if number < 5:
            doing(team, conversation_id, "claim")()


def long_chat(team: Team) -> tuple[Guest, str]:
    """A conversation of 60 ordinary lines."""
    guest = team.guest()
    conversation_id = guest.start(LINE)["conversation"]["id"]
    for _ in range(59):
        guest.say(conversation_id, LINE)
    return guest, conversation_id


def quiet() -> None:
    """Let the clock finish what other tests left to it, and forget what it can't."""
    app.every_minute(TICK, None)
    for shelf in (parking.WAITING, parking.GIVEN_UP):
        for row in parking.list_shelf(shelf):
            row.delete()

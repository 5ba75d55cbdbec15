"""Conversations: what people do in them, and what it may cost."""

from __future__ import annotations

import time
from datetime import timedelta

import app
from chalicelib.kit import instants
from tests.budgets.actions import (
    CLOCK,
    EVENT,
    REST,
    TEXT,
    TICK,
    Act,
    action,
    busy,
    consuming,
    doing,
    long_chat,
    looking,
    quiet,
    replying,
    take,
    talking,
)
from tests.support.team import Team


@action("Begin a conversation (the visitor becomes a contact)", REST, trips=2)
def _start(team: Team) -> Act:
    guest = team.guest()
    return lambda: guest.start(TEXT)


@action("Customer's message, unassigned", REST, trips=2, writes=10)
def _message_unassigned(team: Team) -> Act:
    guest, conversation_id = talking(team)
    return lambda: guest.say(conversation_id, TEXT)


@action("Customer's message, assigned", REST, trips=2, writes=10)
def _message_assigned(team: Team) -> Act:
    guest, conversation_id = take(team)
    return lambda: guest.say(conversation_id, TEXT)


@action("Customer's message that opens a closed conversation", REST, trips=2)
def _message_closed(team: Team) -> Act:
    guest, conversation_id = take(team)
    doing(team, conversation_id, "close")()
    return lambda: guest.say(conversation_id, TEXT)


@action("Operator's message, assigned", REST, trips=2, writes=10)
def _reply_assigned(team: Team) -> Act:
    _, conversation_id = take(team)
    return replying(team, conversation_id)


@action("Operator's message, unassigned and staying so", REST, trips=2, writes=10)
def _reply_unassigned(team: Team) -> Act:
    team.owner.patch("/v1/workspace", {"settings": {"assign_on_reply": False}}).ok()
    _, conversation_id = talking(team)
    replying(team, conversation_id)()
    return replying(team, conversation_id)


@action("Operator's first message, which takes the conversation", REST, trips=2)
def _reply_taking(team: Team) -> Act:
    _, conversation_id = talking(team)
    team.owner.get("/v1/me").ok()
    return replying(team, conversation_id)


@action("A message sent again (same client_id)", REST)
def _resend(team: Team) -> Act:
    guest, conversation_id = talking(team)
    guest.say(conversation_id, TEXT, "the-same-again")
    return lambda: guest.say(conversation_id, TEXT, "the-same-again")


@action("A message shown to the team and the customer", EVENT)
def _show_message(team: Team) -> Act:
    guest, conversation_id = take(team)
    team.socket(team.owner, "conversations")
    team.socket(guest)
    guest.say(conversation_id, TEXT)
    return consuming(team)


@action("An operator's message shown, and noted as delivered", EVENT)
def _show_reply(team: Team) -> Act:
    guest, conversation_id = take(team)
    team.socket(team.owner, "conversations")
    team.socket(guest)
    replying(team, conversation_id)()
    return consuming(team)


@action("A message that nobody is there to see", EVENT)
def _show_nobody(team: Team) -> Act:
    guest, conversation_id = take(team)
    guest.say(conversation_id, TEXT)
    return consuming(team)


@action("Claim", REST, trips=2)
def _claim(team: Team) -> Act:
    _, conversation_id = talking(team)
    return doing(team, conversation_id, "claim")


@action("Assign to a colleague", REST)
def _assign(team: Team) -> Act:
    _, conversation_id = talking(team)
    return doing(team, conversation_id, "assign", {"assignee_id": team.owner.id})


@action("Close", REST, trips=2)
def _close(team: Team) -> Act:
    _, conversation_id = take(team)
    return doing(team, conversation_id, "close")


@action("Snooze until a time", REST, trips=2, writes=9)
def _snooze(team: Team) -> Act:
    _, conversation_id = take(team)
    return doing(team, conversation_id, "snooze", {"until": "2027-01-01T09:00:00Z"})


@action("Wake by the clock (one conversation)", CLOCK, writes=8)
def _wake(team: Team) -> Act:
    quiet()
    _, conversation_id = take(team)
    until = instants.now() + timedelta(seconds=0.3)
    doing(team, conversation_id, "snooze", {"until": instants.to_text(until)})()
    while instants.now() < until:
        time.sleep(0.05)
    return lambda: app.every_minute(TICK, None)


@action("Read by an operator", REST, trips=2)
def _read_operator(team: Team) -> Act:
    _, conversation_id = take(team)
    return doing(team, conversation_id, "read", {"seq": 2})


@action("Read by the customer", REST, trips=2)
def _read_customer(team: Team) -> Act:
    guest, conversation_id = take(team)
    replying(team, conversation_id)()
    path = f"/v1/widget/conversations/{conversation_id}/read"
    return lambda: guest.post(path, {"seq": 3}).ok()


@action("List 25 conversations, anyone's", REST, trips=1, reads=4)
def _list_all(team: Team) -> Act:
    busy(team)
    return looking(team.owner, "/v1/conversations?limit=25")


@action("List 25 conversations, mine", REST, trips=1, reads=4)
def _list_mine(team: Team) -> Act:
    busy(team)
    return looking(team.owner, "/v1/conversations?limit=25&assignee=me")


@action("List 25 conversations, nobody's", REST, trips=1, reads=4)
def _list_unassigned(team: Team) -> Act:
    busy(team)
    return looking(team.owner, "/v1/conversations?limit=25&assignee=none")


@action("Count what is open and unread", REST, trips=2, reads=1)
def _count(team: Team) -> Act:
    busy(team)
    team.pump()
    team.owner.get("/v1/conversations/counts").ok()
    app.every_minute(TICK, None)
    return looking(team.owner, "/v1/conversations/counts")


@action("Open 50 messages", REST, trips=2, reads=3)
def _open(team: Team) -> Act:
    _, conversation_id = long_chat(team)
    return looking(team.owner, f"/v1/conversations/{conversation_id}/messages?limit=50")


@action("Open 50 messages, the customer", REST, trips=2, reads=3)
def _open_customer(team: Team) -> Act:
    guest, conversation_id = long_chat(team)
    return looking(guest, f"/v1/widget/conversations/{conversation_id}/messages?limit=50")


@action("Fetch a reply that no socket brought, the customer", REST)
def _fetch(team: Team) -> Act:
    guest, conversation_id = take(team)
    replying(team, conversation_id)()
    path = f"/v1/widget/conversations/{conversation_id}/messages?after_seq=1"
    return lambda: guest.get(path).ok()


@action("Open 50 entries of the timeline", REST, trips=3)
def _timeline(team: Team) -> Act:
    _, conversation_id = long_chat(team)
    return looking(team.owner, f"/v1/conversations/{conversation_id}/timeline?limit=50")

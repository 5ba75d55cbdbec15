"""Who hears of a conversation: all who may see all, its assignee, whoever has it open."""

from __future__ import annotations

from tests.support.sockets import Socket
from tests.support.team import Person, Team


def assign(team: Team, conversation_id: str, to: Person | None) -> None:
    path = f"/v1/conversations/{conversation_id}/assign"
    team.owner.post(path, {"assignee_id": to.id if to else None}).ok()
    team.pump()


def drain(socket: Socket) -> list[str]:
    """What a socket has heard since it was asked last."""
    names = [frame["type"] for frame in socket.frames]
    socket.forget()
    return names


def test_who_follows_only_their_own_hears_of_nothing_else(team: Team) -> None:
    ben = team.join("Ben")
    his = team.socket(ben, f"assigned/{ben.id}")
    guest = team.guest()
    own, other = (str(guest.start()["conversation"]["id"]) for _ in range(2))
    team.pump()
    assert drain(his) == []
    assign(team, own, ben)
    assert drain(his) == ["conversation.assigned"]
    guest.say(own, "for Ben")
    guest.say(other, "for nobody")
    team.pump()
    assert drain(his) == ["message.created"]


def test_a_conversation_that_moves_is_told_to_the_old_list_and_to_the_new_one(team: Team) -> None:
    ben, cleo = team.join("Ben"), team.join("Cleo")
    everything = team.socket(team.owner, "conversations")
    his, hers = (team.socket(who, f"assigned/{who.id}") for who in (ben, cleo))
    both = team.socket(ben, "conversations", f"assigned/{ben.id}")
    conversation_id = str(team.guest().start()["conversation"]["id"])
    assign(team, conversation_id, ben)
    for socket in (everything, his, hers, both):
        socket.forget()
    assign(team, conversation_id, cleo)
    assert drain(his) == ["conversation.gone"]
    assert drain(hers) == drain(everything) == drain(both) == ["conversation.assigned"]
    assign(team, conversation_id, None)
    assert drain(hers) == ["conversation.gone"]
    assert drain(his) == []
    assert drain(everything) == drain(both) == ["conversation.assigned"]


def test_of_who_leaves_the_team_no_list_keeps_anything(team: Team) -> None:
    ben = team.join("Ben")
    everything = team.socket(team.owner, "conversations")
    conversation_id = str(team.guest().start()["conversation"]["id"])
    assign(team, conversation_id, ben)
    everything.forget()
    team.owner.delete(f"/v1/users/{ben.id}")
    team.pump()
    assert drain(everything) == ["conversation.assigned"]


def test_somebody_else_s_list_is_like_one_that_is_not_there(team: Team) -> None:
    ben = team.join("Ben")
    socket = team.socket(ben)
    for topic in (f"assigned/{team.owner.id}", "assigned", "assigned/", "assigned/usr_1"):
        socket.send({"action": "subscribe", "topic": topic})
    assert [each["code"] for each in socket.of("problem")] == ["topic.not_found"] * 4
    assert socket.topics == []

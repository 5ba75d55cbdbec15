"""What a message costs in the largest conversation that is allowed, and in a well-filled one."""

from __future__ import annotations

from typing import Any

from tests.budgets.meter import cost
from tests.support.team import Guest, Team

WIDE = "語"
"""Three bytes in UTF-8, as most letters of the world are; emoji with four are rare beside them."""


def grow(team: Team, guest: Guest, name: str, email: str, patch: dict[str, Any]) -> str:
    """A conversation with a customer who is called so, and with what operators put onto it."""
    conversation_id = str(guest.start("Hello")["conversation"]["id"])
    path = f"/v1/conversations/{conversation_id}"
    contact_id = team.owner.get(path).ok()["contact"]["id"]
    team.owner.patch(f"/v1/contacts/{contact_id}", {"name": name, "email": email}).ok()
    team.owner.post(f"{path}/claim").ok()
    team.owner.patch(path, {**patch, "priority": "urgent"}).ok()
    team.pump()
    return conversation_id


def units(guest: Guest, conversation_id: str, text: str) -> float:
    meter = cost(lambda: guest.say(conversation_id, text))
    assert meter.round_trips == 2, str(meter)
    return meter.write_units


def test_a_message_costs_ten_units_with_ten_tags_and_a_subject(team: Team) -> None:
    guest = team.guest()
    tags = [f"ordinary tag number {place}" for place in range(10)]
    patch = {"subject": "Where is my parcel, number 4711?", "tags": tags}
    conversation_id = grow(team, guest, "Ann Example", "ann@shop.example", patch)
    assert units(guest, conversation_id, "Is anybody there?") == 10


def test_a_message_costs_at_most_25_units_in_the_largest_conversation(team: Team) -> None:
    guest = team.guest()
    team.owner.patch("/v1/me", {"name": WIDE * 80}).ok()
    tags = [WIDE * 39 + str(place) for place in range(10)]
    email = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example"
    patch = {"subject": WIDE * 200, "tags": tags}
    conversation_id = grow(team, guest, WIDE * 200, email, patch)
    readers: list[Any] = [team.owner, *(team.join(f"Reader{place}") for place in range(12))]
    for reader in readers:
        reader.post(f"/v1/conversations/{conversation_id}/read", {"seq": 1})
    assert units(guest, conversation_id, WIDE * 120) <= 25


def test_more_or_longer_tags_than_those_are_refused(team: Team) -> None:
    conversation_id = grow(team, team.guest(), "Ann", "ann@shop.example", {})
    path = f"/v1/conversations/{conversation_id}"
    for tags in ([f"tag {place}" for place in range(11)], ["t" * 41]):
        refused = team.owner.patch(path, {"tags": tags})
        assert (refused.status, refused.json["code"]) == (422, "request.invalid")
    assert team.owner.get(path).ok()["tags"] == []

"""Conversations that an operator begins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.team import Team, fresh


@pytest.fixture
def contact_id(team: Team) -> str:
    """Somebody to write to."""
    made: str = team.owner.post("/v1/contacts", {"name": "Ann"}).ok()["id"]
    return made


def test_a_conversation_can_begin_without_a_message_and_go_on_like_any(
    team: Team, contact_id: str
) -> None:
    begun = team.owner.post("/v1/conversations", {"contact_id": contact_id}).ok()
    assert (begun["last_seq"], begun["last_message"], begun["status"]) == (0, None, "open")
    assert begun["assignee"]["name"] == "Olga"
    path = f"/v1/conversations/{begun['id']}"
    assert team.owner.get(f"{path}/messages").ok()["data"] == []
    assert team.owner.get(f"{path}/timeline").ok()["data"] == []
    said = team.owner.post(f"{path}/messages", {"text": "Hi", "client_id": fresh()}).ok()
    assert said["seq"] == 1
    assert [each["id"] for each in team.owner.get("/v1/conversations").ok()["data"]] == [
        begun["id"]
    ]


def test_a_client_id_is_only_needed_to_send_again(team: Team, contact_id: str) -> None:
    body = {"contact_id": contact_id, "text": "Hi"}
    first, second = (team.owner.post("/v1/conversations", body).ok() for _ in range(2))
    assert first["id"] != second["id"]
    assert first["last_message"]["text"] == "Hi"

    named = {**body, "client_id": fresh()}
    once, again = (team.owner.post("/v1/conversations", named).ok() for _ in range(2))
    assert again["id"] == once["id"]
    other = team.owner.post("/v1/conversations", {**named, "text": "Other"})
    assert (other.status, other.code) == (409, "idempotency.mismatch")
    assert team.owner.post("/v1/conversations", {**body, "text": " "}).status == 422


def test_operators_who_write_to_a_visitor_at_once_both_do(team: Team) -> None:
    for _ in range(4):
        guest = team.guest()
        page = {"url": "https://shop.example/"}
        team.socket(guest).send({"action": "presence", "page": page, "state": "active"})
        path = f"/v1/visitors/{guest.visitor_id}/conversations"

        def write(_: int, path: str = path) -> str:
            body = {"text": "May I help?", "client_id": fresh()}
            begun: str = team.owner.post(path, body).ok()["contact"]["id"]
            return begun

        with ThreadPoolExecutor(4) as operators:
            assert len(set(operators.map(write, range(4)))) == 1

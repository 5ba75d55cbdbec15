"""`Idempotency-Key`: asked twice, done once."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from chalicelib.kit import instants
from tests.support.team import Team, fresh


def test_the_same_key_and_body_get_the_first_answer_and_do_nothing_again(team: Team) -> None:
    key = {"Idempotency-Key": fresh()}
    first = team.owner.post("/v1/contacts", {"name": "Ann"}, **key)
    again = team.owner.post("/v1/contacts", {"name": "Ann"}, **key)
    assert (first.status, again.status) == (201, 201)
    assert again.json == first.json
    assert again.headers["idempotency-replayed"] == "true"
    assert len(team.owner.get("/v1/contacts").ok()["data"]) == 1


def test_the_same_key_with_another_request_is_a_conflict(team: Team) -> None:
    key = {"Idempotency-Key": fresh()}
    contact = team.owner.post("/v1/contacts", {"name": "Ann"}, **key).ok()
    other_body = team.owner.post("/v1/contacts", {"name": "Ben"}, **key)
    other_route = team.owner.patch(f"/v1/contacts/{contact['id']}", {"name": "Ann"}, **key)
    assert other_body.code == other_route.code == "idempotency.mismatch"
    assert [each["name"] for each in team.owner.get("/v1/contacts").ok()["data"]] == ["Ann"]


def test_a_refusal_is_an_answer_too(team: Team) -> None:
    key = {"Idempotency-Key": fresh()}
    answers = [team.owner.post("/v1/contacts", {}, **key) for _ in range(2)]
    assert [each.status for each in answers] == [422, 422]
    assert answers[1].headers["content-type"] == "application/problem+json"


def test_keys_of_different_people_have_nothing_to_do_with_each_other(team: Team) -> None:
    key = {"Idempotency-Key": "order-1"}
    carl = team.join("Carl")
    first = team.owner.post("/v1/contacts", {"name": "Ann"}, **key).ok()
    assert carl.post("/v1/contacts", {"name": "Ann"}, **key).ok()["id"] != first["id"]


def test_a_key_is_free_again_after_a_day(team: Team) -> None:
    path = f"/v1/conversations/{team.guest().start()['conversation']['id']}/close"
    key = {"Idempotency-Key": fresh()}
    team.owner.post(path, **key).ok()
    with time_machine.travel(instants.now() + timedelta(hours=25)):
        team.owner.token = team.sign_in()
        assert "idempotency-replayed" not in team.owner.post(path, **key).headers


def test_a_key_must_say_something_and_not_too_much(team: Team) -> None:
    for key in (" ", "x" * 256):
        answer = team.owner.post("/v1/contacts", {"name": "Ann"}, **{"Idempotency-Key": key})
        assert answer.status == 422

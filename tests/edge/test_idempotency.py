"""`Idempotency-Key`: asked twice, done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from chalicelib.auth import invitations
from chalicelib.kit import instants
from chalicelib.kit.problems import Unavailable
from chalicelib.platform.tables import attempts, commits
from chalicelib.platform.tables.attempts import Attempt
from tests.support.api import Client
from tests.support.faults import FOR_EVER, Faults, lose, throttle
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


def test_an_answer_with_credentials_is_done_once_and_not_kept(team: Team) -> None:
    key = {"Idempotency-Key": fresh()}
    body = {"workspace_id": team.workspace_id}
    first = team.owner.post("/v1/auth/switch", body, **key).ok()
    again = team.owner.post("/v1/auth/switch", body, **key)
    assert (again.status, again.code) == (409, "idempotency.not_kept")
    kept = [row.answer for row in Attempt.scan()]
    assert not [answer for answer in kept if first["refresh_token"] in answer]
    assert Client().post("/v1/auth/refresh", {"refresh_token": first["refresh_token"]}).ok()


def test_no_kept_answer_holds_a_workspaces_secrets(team: Team) -> None:
    secret = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    for method, path, body in (
        ("PATCH", "/v1/workspace", {"name": "Renamed"}),
        ("POST", "/v1/workspace/widget-key", None),
    ):
        key = {"Idempotency-Key": fresh()}
        assert secret in team.owner.request(method, path, body, key).body
        again = team.owner.request(method, path, body, key)
        assert (again.status, again.code) == (409, "idempotency.not_kept")
    assert not [row for row in Attempt.scan() if secret in row.answer]


def test_a_request_that_came_too_early_may_come_again(team: Team) -> None:
    invite = {"email": "ann@shop.example", "role": "operator"}
    for _ in range(invitations.INVITATIONS_PER_HOUR_AND_ADDRESS):
        team.owner.post("/v1/users", invite).ok()
    key = {"Idempotency-Key": fresh()}
    for _ in range(2):
        early = team.owner.post("/v1/users", invite, **key)
        assert (early.status, early.headers["retry-after"]) == (429, "3600")
    with time_machine.travel(instants.now() + timedelta(hours=1)):
        team.owner.token = team.sign_in()
        assert team.owner.post("/v1/users", invite, **key).status == 201


def test_of_the_same_request_at_once_one_is_done(team: Team) -> None:
    for number in range(4):
        create = partial(
            team.owner.post,
            "/v1/contacts",
            {"name": f"Ann {number}"},
            **{"Idempotency-Key": fresh()},
        )
        with ThreadPoolExecutor(5) as clients:
            told = [each.result() for each in [clients.submit(create) for _ in range(5)]]
        assert {each.status for each in told} <= {201, 409}
        assert {each.code for each in told} <= {None, "idempotency.in_progress"}
    assert len(team.owner.get("/v1/contacts").ok()["data"]) == 4


def test_a_key_must_say_something_and_not_too_much(team: Team) -> None:
    for key in (" ", "x" * 256):
        answer = team.owner.post("/v1/contacts", {"name": "Ann"}, **{"Idempotency-Key": key})
        assert answer.status == 422


def test_what_was_done_without_an_answer_is_not_done_again(team: Team) -> None:
    """The transaction went through and then its answer, or the process, was lost."""
    key, ann = {"Idempotency-Key": fresh()}, {"name": "Ann"}
    with Faults() as faults:
        faults.plan(lose, "TransactWriteItems", times=FOR_EVER)
        faults.plan(lose, "GetItem", table="outbox", times=FOR_EVER)
        first = team.owner.post("/v1/contacts", ann, **key)
        faults.clear()
        again = team.owner.post("/v1/contacts", ann, **key)
    assert (first.status, first.code) == (503, "server.unavailable")
    assert (again.status, again.code) == (409, "idempotency.not_kept")
    assert [each["name"] for each in team.owner.get("/v1/contacts").ok()["data"]] == ["Ann"]


def test_what_was_not_done_is_done_by_the_repetition(team: Team) -> None:
    key, ann = {"Idempotency-Key": fresh()}, {"name": "Ann"}
    with Faults() as faults:
        faults.plan(throttle, "TransactWriteItems", times=FOR_EVER)
        assert team.owner.post("/v1/contacts", ann, **key).status == 503
        faults.clear()
        made = team.owner.post("/v1/contacts", ann, **key).ok()
    assert [each["id"] for each in team.owner.get("/v1/contacts").ok()["data"]] == [made["id"]]


def test_an_answer_that_could_not_be_kept_is_given_all_the_same(team: Team) -> None:
    key, ann = {"Idempotency-Key": fresh()}, {"name": "Ann"}
    with Faults() as faults:
        faults.plan(throttle, "PutItem", table="attempts", skip=1, times=FOR_EVER)
        assert team.owner.post("/v1/contacts", ann, **key).status == 201
    assert team.owner.post("/v1/contacts", ann, **key).code == "idempotency.in_progress"
    with time_machine.travel(instants.now() + timedelta(seconds=62)):
        assert team.owner.post("/v1/contacts", ann, **key).code == "idempotency.not_kept"


def test_who_was_given_up_and_overtaken_does_nothing_any_more(team: Team) -> None:
    """A process that slept through its lease, while the repetition did it."""
    later = instants.now() + timedelta(minutes=2)
    slow, _ = attempts.begin(fresh(), "asked", instants.now())
    quick, ours = attempts.begin(slow.id, "asked", later)
    assert ours
    row = Attempt(id=fresh(), request_hash="", begun_at=0, expires_at=0)
    with attempts.running(slow), pytest.raises(Unavailable):
        commits.commit(commits.put_new(row))
    with attempts.running(quick):
        commits.commit(commits.put_new(row))

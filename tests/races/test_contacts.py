"""One person, one contact, however many browsers and colleagues come at once."""

from __future__ import annotations

import hashlib
import hmac
from functools import partial

from tests.races.arena import ROUNDS, THREADS, racing, statuses
from tests.support.api import Answer, Client
from tests.support.team import Team


def arriving(team: Team, secret: str, external_id: str, email: str) -> Answer:
    """A new browser whose page proves who it is."""
    proof = hmac.new(secret.encode(), external_id.encode(), hashlib.sha256).hexdigest()
    return Client().post(
        "/v1/widget/session",
        {
            "widget_key": team.widget_key,
            "page": {"url": "https://shop.example/", "title": "Shop", "referrer": ""},
            "identity": {"external_id": external_id, "email": email, "user_hash": proof},
        },
    )


def test_of_sixteen_who_add_the_same_address_one_does(team: Team) -> None:
    with racing() as together:
        for number in range(ROUNDS):
            new = {"name": "Ann", "email": f"ann{number}@example.org"}
            answers = together([partial(team.owner.post, "/v1/contacts", new)] * THREADS)
            assert statuses(answers) == {201: 1, 409: THREADS - 1}
            assert {a.code for a in answers if a.status == 409} == {"contact.email_taken"}
            found = team.owner.get(f"/v1/contacts?email=ann{number}@example.org").ok()["data"]
            assert len(found) == 1


def test_a_person_who_comes_with_sixteen_browsers_is_one_contact(team: Team) -> None:
    team.owner.patch("/v1/workspace", {"identity": {"mode": "report"}}).ok()
    secret = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    with racing() as together:
        for number in range(ROUNDS):
            who = (f"ann-{number}", f"ann{number}@example.org")
            answers = together([partial(arriving, team, secret, *who)] * THREADS)
            assert statuses(answers) == {200: THREADS}
            assert len({answer.json["contact_id"] for answer in answers}) == 1
            assert all(answer.json["verified"] for answer in answers)
            found = team.owner.get(f"/v1/contacts?external_id=ann-{number}").ok()["data"]
            assert [each["email"] for each in found] == [who[1]]

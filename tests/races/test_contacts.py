"""One person, one contact, however many browsers and colleagues come at once."""

from __future__ import annotations

import hashlib
import hmac
from functools import partial

from tests.races.at_once import ROUNDS, THREADS, racing, statuses
from tests.support.api import Answer, Client
from tests.support.team import Guest, Team, fresh


def arriving(
    team: Team, secret: str, external_id: str, email: str, visitor_secret: str | None = None
) -> Answer:
    """A browser, new unless told, whose page proves who it is."""
    proof = hmac.new(secret.encode(), external_id.encode(), hashlib.sha256).hexdigest()
    return Client().post(
        "/v1/widget/session",
        {
            "widget_key": team.widget_key,
            "visitor_secret": visitor_secret,
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
            assert [each["claimed"] for each in found] == [{"email": who[1]}]


def test_a_first_message_sent_many_times_while_its_browser_proves_itself_begins_one_conversation(
    team: Team,
) -> None:
    secret = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    ann = ("ann", "ann@example.org")
    known = arriving(team, secret, *ann).ok()["contact_id"]

    def send(guest: Guest, client_id: str) -> Answer:
        new = {"text": "Hello", "client_id": client_id}
        return guest.post("/v1/widget/conversations", new)

    def prove_and_send(guest: Guest, client_id: str) -> Answer:
        """As a widget does: what a session may not any more, the next one is asked."""
        for _ in range(3):
            told = arriving(team, secret, *ann, guest.secret).ok()
            answer = send(Guest(token=told["token"], visitor_id=guest.visitor_id), client_id)
            if answer.status != 401:
                break
        return answer

    with racing() as together:
        for number in range(ROUNDS // 5):
            guest, client_id = team.guest(), fresh()
            half = THREADS // 2
            answers = together(
                [partial(send, guest, client_id)] * half
                + [partial(prove_and_send, guest, client_id)] * half
            )
            assert set(statuses(answers)) <= {201, 401, 409}
            assert 201 in statuses(answers[half:])
            begun = {a.json["conversation"]["id"] for a in answers if a.status == 201}
            assert len(begun) == 1
            team.pump()
            listed = team.owner.get(f"/v1/conversations?contact={known}&limit=100").ok()["data"]
            assert len(listed) == number + 1

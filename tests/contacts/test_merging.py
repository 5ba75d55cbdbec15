"""A visitor that proves to be a known contact: what was its own becomes that contact's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

import app
from tests.contacts.test_identity import prove, session, sign_identity, user_hash
from tests.support.team import Guest, Team, fresh


@pytest.fixture
def secret(team: Team) -> str:
    """The workspace's identity secret."""
    made: str = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    return made


def test_what_an_operator_noted_of_a_visitor_goes_to_the_contact_that_it_is(
    team: Team, secret: str
) -> None:
    known = team.guest(identity=prove(secret, "ann-1", name="Ann"))
    guest = team.guest()
    noted = {"email": "ann@example.com", "phone": "+49301234567", "name": "Somebody"}
    team.owner.patch(f"/v1/contacts/{contact_of(team, guest)}", noted).ok()

    team.guest(visitor_secret=guest.secret, identity=prove(secret, "ann-1"))
    merged = team.owner.get(f"/v1/contacts/{known.session['contact_id']}").ok()
    assert (merged["name"], merged["email"], merged["phone"]) == (
        "Ann", "ann@example.com", "+49301234567",
    )  # fmt: skip
    assert merged["provenance"] == {
        "external_id": "verified", "name": "claimed", "email": "operator", "phone": "operator",
    }  # fmt: skip


def test_a_message_from_before_the_proof_is_not_told_to_who_holds_the_old_contact(
    team: Team, secret: str
) -> None:
    team.guest(identity=prove(secret, "ann-1", name="Ann"))
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    team.pump()
    old = team.socket(guest)
    text = {"text": "For Ann alone", "client_id": fresh()}
    team.owner.post(f"/v1/conversations/{conversation_id}/messages", text).ok()
    written = team.records()

    team.guest(visitor_secret=guest.secret, identity=prove(secret, "ann-1"))
    team.pump()
    assert app.consume_outbox({"Records": written}, None) == {"batchItemFailures": []}
    assert old.of("message.created") == []


def test_an_address_that_a_merge_leaves_over_is_free(team: Team, secret: str) -> None:
    whole = sign_identity(secret, external_id="ann-1", email="ann@example.com")
    known = team.guest(identity={"token": whole})
    guest = team.guest()
    own = contact_of(team, guest)
    team.owner.patch(f"/v1/contacts/{own}", {"email": "old@example.com"}).ok()

    team.guest(visitor_secret=guest.secret, identity=prove(secret, "ann-1"))
    path = f"/v1/contacts/{known.session['contact_id']}"
    assert team.owner.get(path).ok()["email"] == "ann@example.com"
    assert team.owner.get("/v1/contacts?email=old@example.com").ok()["data"] == []
    assert team.owner.patch(path, {"email": "old@example.com"}).ok()["email"] == "old@example.com"


def test_proof_of_one_key_is_no_proof_of_the_address_beside_it(team: Team, secret: str) -> None:
    mallory = team.guest(identity=prove(secret, "mallory", email="ann@example.com"))
    ann = team.guest(identity=proved_mail(secret, "ann@example.com"))
    ann.start("private")
    assert mallory.get("/v1/widget/conversations").ok()["data"] == []

    seen = team.owner.get(f"/v1/contacts/{mallory.session['contact_id']}").ok()
    assert (seen["email"], seen["claimed"]) == (None, {"email": "ann@example.com"})
    again = team.guest(identity=prove(secret, "mallory", email="ann@example.com"))
    assert again.session["contact_id"] == mallory.session["contact_id"]
    found = team.owner.get("/v1/contacts?email=ann@example.com").ok()["data"]
    assert [each["id"] for each in found] == [ann.session["contact_id"]]


def test_an_address_that_an_operator_confirmed_stays_a_note(team: Team, secret: str) -> None:
    ann = team.guest(identity=prove(secret, "ann-1", email="ann@example.com"))
    path = f"/v1/contacts/{ann.session['contact_id']}"
    team.owner.patch(path, {"email": "ann@example.com"}).ok()
    by_mail = team.guest(identity=proved_mail(secret, "ann@example.com"))
    assert by_mail.session["contact_id"] != ann.session["contact_id"]
    kept = team.owner.get(path).ok()
    assert (kept["email"], kept["provenance"]["email"]) == ("ann@example.com", "operator")
    assert kept["possible_duplicates"] == [by_mail.session["contact_id"]]


def test_a_proof_keeps_the_address_that_another_contact_has(team: Team, secret: str) -> None:
    team.owner.post("/v1/contacts", {"email": "ann@example.com"}).ok()
    other = team.guest(identity=prove(secret, "ben-1", email="ann@example.com"))
    assert other.session["verified"] is True
    seen = team.owner.get(f"/v1/contacts/{other.session['contact_id']}").ok()
    assert (seen["external_id"], seen["email"]) == ("ben-1", None)


def test_tabs_that_prove_a_new_identity_at_once_are_one_contact(team: Team, secret: str) -> None:
    for number in range(5):
        who = prove(secret, f"new-{number}", email=f"new-{number}@example.com")
        with ThreadPoolExecutor(4) as tabs:
            told = [each.ok() for each in tabs.map(lambda who: session(team, who), [who] * 4)]
        assert len({each["contact_id"] for each in told}) == 1


def test_a_session_whose_contact_was_merged_begins_nothing_new(team: Team, secret: str) -> None:
    guest = team.guest()
    guest.start("before")
    team.guest(identity=prove(secret, "ann-1"))
    team.guest(visitor_secret=guest.secret, identity=prove(secret, "ann-1"))
    answer = begin(guest)
    assert (answer.status, answer.code) == (401, "auth.session_ended")


def test_an_operator_who_writes_to_a_visitor_merged_meanwhile_writes_to_who_it_is(
    team: Team, secret: str
) -> None:
    known = team.guest(identity=prove(secret, "ann-1"))
    guest = team.guest()
    guest.start()
    page = {"url": "https://shop.example/"}
    team.socket(guest).send({"action": "presence", "page": page, "state": "active"})
    team.guest(visitor_secret=guest.secret, identity=prove(secret, "ann-1"))
    begun = team.owner.post(
        f"/v1/visitors/{guest.visitor_id}/conversations", {"text": "Hi", "client_id": fresh()}
    ).ok()
    assert begun["contact"]["id"] == known.session["contact_id"]


def test_no_conversation_is_left_behind_by_a_merge(team: Team, secret: str) -> None:
    known = team.guest(identity=prove(secret, "ann-1")).session["contact_id"]
    for _ in range(5):
        guest = team.guest()
        guest.start()
        proof = {"visitor_secret": guest.secret, "identity": prove(secret, "ann-1")}
        with ThreadPoolExecutor(4) as browsers:
            writing = [browsers.submit(begin, guest) for _ in range(3)]
            browsers.submit(partial(team.guest, **proof)).result()
            assert {each.result().status for each in writing} <= {201, 401}
    team.pump()
    listed = team.owner.get("/v1/conversations?limit=100").ok()["data"]
    assert {each["contact"]["id"] for each in listed} == {known}


@pytest.mark.parametrize("brought_along", [False, True], ids=["at once", "later"])
def test_a_first_message_sent_again_after_a_proof_is_the_same_conversation(
    team: Team, secret: str, brought_along: bool
) -> None:
    team.guest(identity=prove(secret, "ann-1"))
    guest, client_id = team.guest(), fresh()
    first = guest.start("Hi", client_id)
    proof = {"visitor_secret": guest.secret, "identity": prove(secret, "ann-1")}
    ann = team.guest(**proof)
    if brought_along:
        team.pump()
    again = ann.start("Hi", client_id)
    assert again["message"]["id"] == first["message"]["id"]
    assert again["conversation"]["id"] == first["conversation"]["id"]
    assert ann.say(first["conversation"]["id"], "more")["seq"] == 2
    assert len(team.owner.get("/v1/conversations").ok()["data"]) == 1
    refused = begin(ann, "Something else", client_id)
    assert (refused.status, refused.code) == (409, "idempotency.mismatch")


def test_a_first_message_that_arrives_beside_the_proof_waits_for_both_to_be_joined(
    team: Team, secret: str
) -> None:
    known = team.guest(identity=prove(secret, "ann-1")).session["contact_id"]
    guest, client_id = team.guest(), fresh()
    proof = {"visitor_secret": guest.secret, "identity": prove(secret, "ann-1")}
    ann = team.guest(**proof)
    first = guest.start("Hi", client_id)
    refused = begin(ann, "Hi", client_id)
    assert (refused.status, refused.code) == (401, "auth.session_ended")
    again = team.guest(**proof).start("Hi", client_id)
    assert again["conversation"]["id"] == first["conversation"]["id"]
    team.pump()
    listed = team.owner.get("/v1/conversations").ok()["data"]
    assert [each["contact"]["id"] for each in listed] == [known]


def test_a_first_message_sent_again_shows_nothing_to_anybody_else(team: Team, secret: str) -> None:
    guest, client_id = team.guest(), fresh()
    ann = team.guest(visitor_secret=guest.secret, identity=prove(secret, "ann-1"))
    private = ann.start("private", client_id)["conversation"]["id"]

    stranger = team.guest().start("private", client_id)
    assert stranger["conversation"]["id"] != private
    same_browser = {"visitor_secret": guest.secret, "identity": prove(secret, "ben-1")}
    refused = begin(team.guest(**same_browser), "private", client_id)
    assert (refused.status, refused.code) == (409, "idempotency.mismatch")
    assert private not in refused.body
    nobody = begin(guest, "private", client_id)
    assert (nobody.status, private in nobody.body) == (409, False)


def test_an_operators_first_message_sent_again_after_a_proof_is_the_same_conversation(
    team: Team, secret: str
) -> None:
    team.guest(identity=prove(secret, "ann-1"))
    guest = team.guest()
    own = contact_of(team, guest)
    page = {"url": "https://shop.example/"}
    team.socket(guest).send({"action": "presence", "page": page, "state": "active"})
    new = {"text": "Can I help?", "client_id": fresh()}
    asked = [
        (f"/v1/visitors/{guest.visitor_id}/conversations", new),
        ("/v1/conversations", {**new, "contact_id": own}),
    ]
    first = [team.owner.post(*each).ok()["id"] for each in asked]
    assert len(set(first)) == 2
    team.guest(visitor_secret=guest.secret, identity=prove(secret, "ann-1"))
    assert [team.owner.post(*each).ok()["id"] for each in asked] == first


def begin(guest: Guest, text: str = "Hi", client_id: str | None = None) -> Any:
    body = {"text": text, "client_id": client_id or fresh()}
    return guest.post("/v1/widget/conversations", body)


def contact_of(team: Team, guest: Guest) -> str:
    """The contact that a guest is after its first message."""
    conversation_id = guest.start()["conversation"]["id"]
    found: str = team.owner.get(f"/v1/conversations/{conversation_id}").ok()["contact"]["id"]
    return found


def proved_mail(secret: str, email: str) -> dict[str, str]:
    return {"email": email, "user_hash": user_hash(secret, email)}

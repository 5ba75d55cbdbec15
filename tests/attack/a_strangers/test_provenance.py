"""Proof of one field is no proof of another; what nobody proved takes nothing and hides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.contacts.store import Contact
from chalicelib.kit import instants
from chalicelib.platform.observability.observe import WRITES, Call, observe
from tests.contacts.test_identity import prove, session, sign_identity, user_hash
from tests.support.team import Team, fresh

ANN = {"name": "Ann", "email": "ann@shop.example", "phone": "+49301234567"}


@pytest.fixture
def secret(team: Team) -> str:
    made: str = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    return made


def test_what_stands_beside_a_hash_is_a_claim_and_takes_no_key(team: Team, secret: str) -> None:
    said = {**prove(secret, "ann-1", **ANN), "custom": {"plan": "gold"}}
    guest = team.guest(identity=said)
    seen = contact(team, guest.session["contact_id"])
    assert seen["verified"] is True
    assert seen["provenance"] == {
        "external_id": "verified", "name": "claimed", "email": "claimed", "phone": "claimed",
        "custom.plan": "claimed",
    }  # fmt: skip
    assert (seen["email"], seen["phone"], seen["name"]) == (None, None, "Ann")
    assert seen["claimed"] == {**ANN, "custom.plan": "gold"}
    other = team.owner.post("/v1/contacts", ANN).ok()
    assert other["email"] == ANN["email"]
    assert contact(team, seen["id"])["possible_duplicates"] == [other["id"]]


def test_a_signed_token_proves_all_that_it_says(team: Team, secret: str) -> None:
    token = sign_identity(secret, external_id="ann-1", custom={"plan": "gold"}, **ANN)  # type: ignore[arg-type]
    seen = contact(team, team.guest(identity={"token": token}).session["contact_id"])
    assert set(seen["provenance"].values()) == {"verified"}
    assert (seen["email"], seen["phone"], seen["custom"]) == (
        ANN["email"], ANN["phone"], {"plan": "gold"},
    )  # fmt: skip
    assert team.owner.post("/v1/contacts", {"email": "ANN@shop.example"}).status == 409


@pytest.mark.parametrize("field", ["email", "phone", "external_id"])
def test_a_hash_of_one_field_leaves_anothers_keys_alone(
    team: Team, secret: str, field: str
) -> None:
    owner = team.owner.post("/v1/contacts", {field: _VALUES[field]}).ok()
    key = "mallory@evil.example" if field == "external_id" else "mallory"
    by = "email" if field == "external_id" else "external_id"
    claims: dict[str, Any] = {by: key, "user_hash": user_hash(secret, key)}
    if field != "external_id":
        claims[field] = _VALUES[field]
    mallory = team.guest(identity=claims)
    assert mallory.session["contact_id"] != owner["id"]
    assert contact(team, owner["id"])[field] == _VALUES[field]
    assert contact(team, mallory.session["contact_id"])["provenance"].get(field) != "verified"


def test_a_page_never_overwrites_what_an_operator_or_a_proof_set(team: Team, secret: str) -> None:
    guest = team.guest(identity={"name": "Ida", "custom": {"plan": "free"}})
    path = f"/v1/contacts/{guest.become()}"
    set_by_us = {
        "name": "Ida B.", "email": "ida@us.example", "phone": "+4930999999",
        "custom": {"plan": "gold"},
    }  # fmt: skip
    team.owner.patch(path, set_by_us).ok()
    for identity in (
        {"name": "x", "email": "x@evil.example", "phone": "+4930111111", "custom": {"plan": "x"}},
        {"custom": {"plan": None, "vip": True}},
        {"name": "Ida B.", "custom": {}},
    ):
        team.guest(visitor_secret=guest.secret, identity=identity)
        seen = contact(team, path.rpartition("/")[2])
        assert {name: seen[name] for name in ("name", "email", "phone")} == {
            name: set_by_us[name] for name in ("name", "email", "phone")
        }
        assert seen["custom"]["plan"] == "gold"
        assert seen["provenance"]["custom.plan"] == "operator"
    assert seen["claimed"] == {"custom.plan": None, "custom.vip": True}


def test_the_same_from_behind_a_hash(team: Team, secret: str) -> None:
    ann = team.guest(identity=prove(secret, "ann-1"))
    path = f"/v1/contacts/{ann.session['contact_id']}"
    team.owner.patch(path, {"name": "Dr Ann", "custom": {"plan": "gold"}}).ok()
    team.guest(identity={**prove(secret, "ann-1", name="nobody"), "custom": {"plan": "x"}})
    seen = team.owner.get(path).ok()
    assert (seen["name"], seen["custom"]) == ("Dr Ann", {"plan": "gold"})
    assert seen["claimed"] == {"name": "nobody", "custom.plan": "x"}


@pytest.mark.parametrize("by_token", [False, True], ids=["hash", "token"])
@pytest.mark.parametrize("field", ["email", "external_id"])
def test_an_operators_note_is_no_proof_and_hands_nothing_over(
    team: Team, secret: str, field: str, by_token: bool
) -> None:
    value = _VALUES[field]
    stranger = team.guest()
    conversation_id = stranger.start("the stranger's own")["conversation"]["id"]
    noted = stranger.start("more")["message"]["author"]["id"]
    team.owner.patch(f"/v1/contacts/{noted}", {field: value}).ok()
    identity = (
        {"token": sign_identity(secret, **{field: value})}
        if by_token
        else {field: value, "user_hash": user_hash(secret, value)}
    )
    ann = team.guest(identity=identity)
    assert ann.session["verified"] is True
    assert ann.session["contact_id"] != noted
    assert ann.get("/v1/widget/conversations").ok()["data"] == []
    path = f"/v1/widget/conversations/{conversation_id}/messages"
    assert ann.get(path).status == 404
    assert stranger.get(path).status == 200

    before, proven = contact(team, noted), contact(team, ann.session["contact_id"])
    assert (before[field], before["provenance"][field]) == (value, "operator")
    assert (proven[field], proven["provenance"][field]) == (value, "verified")
    assert before["possible_duplicates"] == [proven["id"]]
    assert proven["possible_duplicates"] == [noted]
    found = team.owner.get(f"/v1/contacts?{field}={value}").ok()["data"]
    assert [each["id"] for each in found] == [proven["id"]]
    assert team.guest(identity=identity).session["contact_id"] == proven["id"]
    team.owner.patch(f"/v1/contacts/{noted}", {field: ""}).ok()
    assert contact(team, noted)["possible_duplicates"] == []
    assert contact(team, proven["id"])[field] == value


def test_a_visitor_whose_own_address_was_noted_keeps_its_history_when_it_proves_it(
    team: Team, secret: str
) -> None:
    guest = team.guest()
    conversation_id = guest.start("mine")["conversation"]["id"]
    own = guest.start("more")["message"]["author"]["id"]
    team.owner.patch(f"/v1/contacts/{own}", {"email": "ann@shop.example"}).ok()
    identity = {"email": "ann@shop.example", "user_hash": user_hash(secret, "ann@shop.example")}
    ann = team.guest(visitor_secret=guest.secret, identity=identity)
    assert ann.session["contact_id"] == own
    assert ann.get(f"/v1/widget/conversations/{conversation_id}/messages").status == 200
    assert contact(team, own)["provenance"]["email"] == "verified"


def test_two_who_prove_what_both_noted_stay_two(team: Team, secret: str) -> None:
    by_mail = team.guest(
        identity={"email": ANN["email"], "user_hash": user_hash(secret, ANN["email"])}
    )
    both = team.guest(identity={"token": sign_identity(secret, external_id="ann-1", **ANN)})
    assert both.session["contact_id"] != by_mail.session["contact_id"]
    seen = contact(team, both.session["contact_id"])
    assert (seen["email"], seen["provenance"]["email"]) == (None, "claimed")
    assert seen["possible_duplicates"] == [by_mail.session["contact_id"]]


def test_of_operators_and_browsers_that_race_for_an_address_one_holds_it(
    team: Team, secret: str
) -> None:
    for number in range(6):
        email = f"ann{number}@shop.example"
        noted = [team.owner.post("/v1/contacts", {"name": "N"}).ok()["id"] for _ in range(3)]
        identity = {"email": email, "user_hash": user_hash(secret, email)}
        with ThreadPoolExecutor(8) as together:
            proofs = [together.submit(session, team, identity) for _ in range(4)]
            notes = [
                together.submit(team.owner.patch, f"/v1/contacts/{one}", {"email": email})
                for one in noted
            ]
        assert {each.result().status for each in proofs} == {200}
        assert {each.result().status for each in notes} <= {200, 409}
        (proven,) = {each.result().json["contact_id"] for each in proofs}
        assert proven not in noted
        found = team.owner.get(f"/v1/contacts?email={email}").ok()["data"]
        assert [each["id"] for each in found] == [proven]
        assert team.owner.post("/v1/contacts", {"email": email}).status == 409


def test_an_operators_own_keys_are_unique_among_operators(team: Team) -> None:
    team.owner.post("/v1/contacts", {"email": "a@shop.example"}).ok()
    assert team.owner.post("/v1/contacts", {"email": "A@shop.example"}).status == 409


@pytest.mark.parametrize(
    ("fields", "email_is"),
    [
        ({"verified": True, "email": "a@b.example"}, "verified"),
        ({"verified": True, "external_id": "a", "email": "a@b.example"}, "operator"),
        (
            {
                "verified": True, "external_id": "a", "email": "a@b.example",
                "email_unproved": True,
            },
            "claimed",
        ),
        ({"verified": False, "email": "a@b.example"}, "operator"),
    ],
)  # fmt: skip
def test_a_row_of_before_provenance_counts_as_little_as_it_must(
    team: Team, secret: str, fields: dict[str, Any], email_is: str
) -> None:
    made = team.owner.post("/v1/contacts", {"email": "a@b.example"}).ok()["id"]
    row = Contact.get(team.workspace_id, made)
    row.data.sources = None
    for name, value in fields.items():
        setattr(row.data, name, value)
    row.save()
    assert contact(team, made)["provenance"]["email"] == email_is
    identity = {"email": "a@b.example", "user_hash": user_hash(secret, "a@b.example")}
    joined = team.guest(identity=identity).session["contact_id"] == made
    assert joined == (email_is == "verified")


def test_mere_claims_make_nothing_lasting(team: Team) -> None:
    with writes() as made:
        for number in range(20):
            who = {"external_id": f"x{number}", "custom": {"a": "b" * 500}, **ANN}
            guest = team.guest(identity=who)
            assert guest.session["contact_id"] is None
    assert set(made) == {"presence"}
    assert len(made) == 20
    assert team.owner.get("/v1/contacts").ok()["data"] == []
    assert "contact.created" not in team.pump()


def test_what_was_claimed_arrives_with_the_first_message(team: Team) -> None:
    who = {**ANN, "external_id": "x-1", "custom": {"plan": "gold"}}
    guest = team.guest(identity=who, locale="de-DE", time_zone="Europe/Berlin")
    team.socket(guest).send({"action": "presence", "page": PAGE, "state": "active"})
    (online,) = team.owner.get("/v1/visitors").ok()["data"]
    assert (online["name"], online["email"], online["contact_id"], online["verified"]) == (
        "Ann", ANN["email"], None, False,
    )  # fmt: skip
    seen = contact(team, guest.become())
    assert seen["claimed"] == {**ANN, "external_id": "x-1", "custom.plan": "gold"}
    assert set(seen["provenance"].values()) == {"claimed"}
    assert (seen["name"], seen["locale"], seen["time_zone"]) == ("Ann", "de-DE", "Europe/Berlin")
    assert (seen["email"], seen["verified"]) == (None, False)


def test_who_is_written_to_first_is_known_by_what_it_claimed(team: Team) -> None:
    guest = team.guest(identity=ANN)
    team.socket(guest).send({"action": "presence", "page": PAGE, "state": "active"})
    path = f"/v1/visitors/{guest.visitor_id}/conversations"
    begun = team.owner.post(path, {"text": "Hi", "client_id": fresh()}).ok()
    assert (begun["contact"]["name"], begun["contact"]["verified"]) == ("Ann", False)


def test_a_page_that_never_says_the_same_twice_is_not_written_for_ever(team: Team) -> None:
    guest = team.guest(identity={"name": "n"})
    contact_id = guest.become()
    team.pump()
    for number in range(30):
        team.guest(visitor_secret=guest.secret, identity={"name": f"n{number}"})
    assert team.pump().count("contact.updated") == 5
    later = instants.now() + timedelta(minutes=10)
    with time_machine.travel(later):
        team.guest(visitor_secret=guest.secret, identity={"name": "at last"})
    assert contact(team, contact_id)["name"] == "at last"


def test_claims_fit_into_a_token(team: Team) -> None:
    custom = {f"k{number}": "\U0001f600" * 100 for number in range(200)}
    guest = team.guest(identity={"name": "\U0001f600" * 100, "custom": custom})
    assert guest.token is not None
    assert len(guest.token) < 4_000
    assert guest.session["ignored"]
    assert contact(team, guest.become())["claimed"]["name"] == "\U0001f600" * 100


_VALUES = {"email": "ann@shop.example", "phone": "+49301234567", "external_id": "ann-1"}
PAGE = {"url": "https://shop.example/", "title": "Shop"}


def contact(team: Team, contact_id: str) -> Any:
    return team.owner.get(f"/v1/contacts/{contact_id}").ok()


@contextmanager
def writes() -> Iterator[list[str]]:
    """The tables written to in here, one entry a write; what counts requests is left out."""
    made: list[str] = []

    def saw(call: Call) -> None:
        if call.operation in WRITES and call.error is None:
            tables = [entry["TableName"].partition("-")[2] for entry in call.consumed]
            made.extend(table for table in tables if table != "tries")

    with observe(saw, everywhere=True):
        yield made

"""Who a visitor is: proof merges, a claim never does and never reveals anything."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any

import jwt
import pytest

from chalicelib.kit import instants
from tests.support.api import Answer, Client
from tests.support.sockets import Socket
from tests.support.team import Team, fresh


@pytest.fixture
def secret(team: Team) -> str:
    """The workspace's identity secret, with identities checked but not required."""
    team.owner.patch("/v1/workspace", {"identity": {"mode": "report"}}).ok()
    made: str = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    return made


def test_an_anonymous_visitor_becomes_a_contact_with_its_first_message(team: Team) -> None:
    guest = team.guest()
    assert guest.session["contact_id"] is None
    assert team.owner.get("/v1/contacts").ok()["data"] == []
    guest.start()
    again = team.guest(visitor_secret=guest.secret)
    contacts = team.owner.get("/v1/contacts").ok()["data"]
    assert [each["id"] for each in contacts] == [again.session["contact_id"]]


def test_a_proved_identity_takes_its_anonymous_history_along(team: Team, secret: str) -> None:
    known = team.guest(identity=prove(secret, "ann-1", name="Ann"))
    known.start("from my laptop")
    guest = team.guest()
    conversation_id = guest.start("from my phone")["conversation"]["id"]

    proved_now = team.guest(
        visitor_secret=guest.secret, identity=prove(secret, "ann-1", name="Ann")
    )
    browser = team.socket(proved_now)
    team.pump()
    assert browser.of("conversation.updated")[0]["conversation"]["id"] == conversation_id
    assert proved_now.session["contact_id"] == known.session["contact_id"]
    texts = {
        each["last_message"]["text"]
        for each in proved_now.get("/v1/widget/conversations").ok()["data"]
    }
    assert texts == {"from my laptop", "from my phone"}
    seen = team.owner.get(f"/v1/conversations/{conversation_id}").ok()["contact"]
    assert (seen["name"], seen["verified"]) == ("Ann", True)
    assert len(team.owner.get("/v1/contacts").ok()["data"]) == 1


def test_a_first_proof_keeps_the_visitors_own_contact(team: Team, secret: str) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    anonymous = team.owner.get(f"/v1/conversations/{conversation_id}").ok()["contact"]["id"]
    known = team.guest(visitor_secret=guest.secret, identity=prove(secret, "ben-1", name="Ben"))
    assert known.session["contact_id"] == anonymous
    assert known.session["unread"] == 0


def test_who_had_the_browser_before_the_proof_reads_nothing_after_it(
    team: Team, secret: str
) -> None:
    before = team.guest()
    conversation_id = before.start("anybody may know this")["conversation"]["id"]
    listening = team.socket(before)
    ticket = before.post("/v1/socket-tickets").ok()["ticket"]
    ben = team.guest(visitor_secret=before.secret, identity=prove(secret, "ben-1"))
    team.pump()
    assert listening.id not in team.management.open
    ben.say(conversation_id, "private")
    ben.start("private too")
    team.pump()

    path = "/v1/widget/conversations"
    new = {"text": "Hi", "client_id": fresh()}
    for answer in (
        before.get(path),
        before.get(f"{path}/{conversation_id}/messages"),
        before.post(f"{path}/{conversation_id}/messages", new),
        before.post(f"{path}/{conversation_id}/read", {"seq": 1}),
        before.post(path, new),
        before.post("/v1/socket-tickets"),
    ):
        assert (answer.status, answer.code) == (401, "auth.session_ended")
    assert Socket(team.management, before, ticket).status == 401
    assert not [each for each in listening.frames if "private" in str(each)]
    again = team.guest(visitor_secret=before.secret)
    assert again.get(path).ok()["data"] == []
    assert Socket(team.management, ben).status == 200
    assert len(ben.get(path).ok()["data"]) == 2


@pytest.mark.parametrize("almost", ["ann ", " ann", "a\u202dnn", "ann\u2066", "\u00a0ann"])
def test_a_signed_key_is_nobodys_whose_key_only_looks_like_it(
    team: Team, secret: str, almost: str
) -> None:
    ann = team.guest(identity={"token": sign_identity(secret, external_id="ann")})
    for claims in ({"external_id": almost}, {"email": "a@b.example "}):
        other = team.guest(identity={"token": sign_identity(secret, **claims)})
        assert other.session["verified"] is False
        assert other.session["contact_id"] != ann.session["contact_id"]
        assert [each["field"] for each in other.session["ignored"]] == ["identity.token"]


def test_an_address_beside_a_signed_id_that_only_looks_like_itself_is_left_out(
    team: Team, secret: str
) -> None:
    token = sign_identity(secret, external_id="x", email="a@b.example ")
    guest = team.guest(identity={"token": token})
    assert guest.session["verified"] is True
    assert [each["field"] for each in guest.session["ignored"]] == ["identity.email"]
    seen = team.owner.get(f"/v1/contacts/{guest.session['contact_id']}").ok()
    assert (seen["external_id"], seen["email"]) == ("x", None)


@pytest.mark.parametrize(
    ("owner", "other"),
    [("mark@shop.example", "mar\u212a@shop.example"), ("a@strasse.example", "a@stra\xdfe.example")],
)
def test_an_address_that_folds_to_anothers_proves_nothing(
    team: Team, secret: str, owner: str, other: str
) -> None:
    known = team.guest(identity={"email": owner, "user_hash": user_hash(secret, owner)})
    known.start("private")
    for identity in (
        {"email": other, "user_hash": user_hash(secret, other)},
        {"token": sign_identity(secret, email=other)},
    ):
        stranger = team.guest(identity=identity)
        assert stranger.session["verified"] is False
        assert stranger.get("/v1/widget/conversations").ok()["data"] == []
    beside = team.guest(identity={"token": sign_identity(secret, external_id="m-2", email=other)})
    assert beside.session["verified"] is True
    assert beside.session["contact_id"] != known.session["contact_id"]
    seen = team.owner.get(f"/v1/contacts/{known.session['contact_id']}").ok()
    assert (seen["email"], seen["verified"]) == (owner, True)


@pytest.mark.parametrize("proof", [None, "0" * 64, "not a hash", "ü"])
def test_a_claim_never_merges_and_shows_nothing_of_the_other(
    team: Team, secret: str, proof: str | None
) -> None:
    known = team.guest(identity=prove(secret, "cem-1", name="Cem", email="cem@example.com"))
    known.start("my secret order")

    claims = {"external_id": "cem-1", "email": "cem@example.com", "user_hash": proof}
    impostor = team.guest(identity=claims)
    assert impostor.session["verified"] is False
    assert impostor.session["contact_id"] is None
    assert impostor.get("/v1/widget/conversations").ok()["data"] == []
    assert impostor.session["unread"] == 0
    contact = team.owner.get(f"/v1/contacts/{impostor.become()}").ok()
    assert contact["id"] != known.session["contact_id"]
    assert contact["possible_duplicates"] == [known.session["contact_id"]]
    assert (contact["email"], contact["verified"]) == (None, False)
    assert contact["claimed"]["email"] == "cem@example.com"


def test_a_visitor_id_that_proved_to_be_somebody_opens_nothing_without_proof(
    team: Team, secret: str
) -> None:
    proved_before_writing = team.guest(identity=prove(secret, "dan-1"))
    proved_before_writing.start("private")
    guest = team.guest()
    guest.start("private too")
    proved_after = team.guest(visitor_secret=guest.secret, identity=prove(secret, "eve-1"))
    for known in (proved_before_writing, proved_after):
        later = team.guest(visitor_secret=known.secret)
        assert later.session["contact_id"] is None
        assert later.get("/v1/widget/conversations").ok()["data"] == []
    assert later.visitor_id != guest.visitor_id


def test_two_secrets_are_good_while_one_is_being_replaced(team: Team, secret: str) -> None:
    second = team.owner.post("/v1/workspace/identity-secrets").ok()
    assert team.guest(identity=prove(secret, "eva-1")).session["verified"]
    assert team.guest(identity=prove(second["secret"], "eva-1")).session["verified"]
    assert team.owner.post("/v1/workspace/identity-secrets").status == 409
    team.owner.delete(f"/v1/workspace/identity-secrets/{second['id']}").ok()
    assert not team.guest(identity=prove(second["secret"], "eva-1")).session["verified"]


def test_a_signed_token_proves_an_identity_until_it_expires(team: Team, secret: str) -> None:
    def token(**claims: Any) -> str:
        return jwt.encode({"external_id": "fay-1", "name": "Fay", **claims}, secret, "HS256")

    soon = int((instants.now() + timedelta(minutes=5)).timestamp())
    past = int((instants.now() - timedelta(minutes=5)).timestamp())
    no_key: Any = None
    none = jwt.encode({"external_id": "fay-1", "exp": soon}, no_key, "none")
    verified = {
        "good": team.guest(identity={"token": token(exp=soon)}).session["verified"],
        "expired": team.guest(identity={"token": token(exp=past)}).session["verified"],
        "without exp": team.guest(identity={"token": token()}).session["verified"],
        "unsigned": team.guest(identity={"token": none}).session["verified"],
        "nonsense": team.guest(identity={"token": "a.b.c"}).session["verified"],
    }
    assert verified == {
        "good": True,
        "expired": False,
        "without exp": False,
        "unsigned": False,
        "nonsense": False,
    }


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": 1e300},
        {"exp": "soon"},
        {"nbf": []},
        {"sub": 7},
        {"external_id": 7},
        {"name": ["Fay"]},
        {"name": "\ud800"},
        {"custom": {"plan": "\ud800"}},
        {"custom": "all"},
    ],
)
def test_a_signed_token_with_odd_claims_is_no_failure_of_ours(
    team: Team, secret: str, claims: dict[str, Any]
) -> None:
    soon = int((instants.now() + timedelta(minutes=5)).timestamp())
    token = jwt.encode({"external_id": "fay-1", "exp": soon, **claims}, secret, "HS256")
    answer = session(team, {"token": token})
    assert answer.status in (200, 422)


def test_where_proof_is_required_a_claim_is_refused(team: Team, secret: str) -> None:
    team.owner.patch("/v1/workspace", {"identity": {"mode": "required"}}).ok()
    refused = session(team, {"external_id": "gil-1"})
    assert (refused.status, refused.code) == (403, "identity.not_verified")
    assert session(team, None).status == 200
    assert session(team, prove(secret, "gil-1")).ok()["verified"]


def test_where_identity_is_off_nothing_is_proved(team: Team, secret: str) -> None:
    team.owner.patch("/v1/workspace", {"identity": {"mode": "off"}}).ok()
    assert not team.guest(identity=prove(secret, "hal-1")).session["verified"]


def test_what_a_page_says_keeps_the_fields_that_operators_added(team: Team) -> None:
    guest = team.guest(identity={"name": "Ida", "custom": {"plan": "free"}})
    path = f"/v1/contacts/{guest.become()}"
    team.owner.patch(path, {"custom": {"plan": "free", "vip": True}}).ok()
    for custom in ({"plan": "gold"}, {}):
        team.guest(visitor_secret=guest.secret, identity={"name": "Ida", "custom": custom})
        assert team.owner.get(path).ok()["custom"] == {"plan": "gold", "vip": True}


def test_saying_the_same_again_changes_nothing(team: Team) -> None:
    guest = team.guest(identity={"name": "Ida", "custom": {"plan": "free"}})
    guest.become()
    team.pump()
    for identity in ({"name": "Ida", "custom": {"plan": "free"}}, {"name": "Ida"}):
        team.guest(visitor_secret=guest.secret, identity=identity)
    assert team.pump() == []


def test_an_unknown_widget_key_is_not_found(team: Team) -> None:
    page = {"url": "https://shop.example/"}
    answer = Client().post("/v1/widget/session", {"widget_key": "wk_none", "page": page})
    assert answer.status == 404


def prove(secret: str, external_id: str, **fields: str) -> dict[str, str]:
    return {"external_id": external_id, "user_hash": user_hash(secret, external_id), **fields}


def user_hash(secret: str, key: str) -> str:
    return hmac.new(secret.encode(), key.encode(), hashlib.sha256).hexdigest()


def session(team: Team, identity: dict[str, str] | None) -> Answer:
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}
    return Client().post("/v1/widget/session", {**body, "identity": identity})


def sign_identity(secret: str, **claims: str) -> str:
    """An identity that the workspace's own server signed."""
    exp = int((instants.now() + timedelta(minutes=5)).timestamp())
    return jwt.encode({**claims, "exp": exp}, secret, algorithm="HS256")

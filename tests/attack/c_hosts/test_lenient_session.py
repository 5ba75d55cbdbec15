"""What a page says of its visitor never costs them the chat; only a proof's own key refuses."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from chalicelib.kit import instants
from tests.support.api import Answer, Client
from tests.support.team import Team

ODD_OPTIONAL: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a number without its country": ({"phone": "0170 1234567"}, ["identity.phone"]),
    "a number that is a number": ({"phone": 491701234567}, ["identity.phone"]),
    "no address": ({"email": None}, ["identity.email"]),
    "half an address": ({"email": "ann@"}, ["identity.email"]),
    "a long name": ({"name": "x" * 201}, ["identity.name"]),
    "a name of parts": ({"name": {"first": "Ann"}}, ["identity.name"]),
    "a name that breaks": ({"name": "Ann\x00"}, ["identity.name"]),
    "a field we don't know": ({"avatar": "https://x.example/a.png"}, ["identity.avatar"]),
    "several": ({"email": 7, "phone": [], "plan": "gold"}, ["plan", "email", "phone"]),
    "custom that is a list": ({"custom": ["gold"]}, ["identity.custom"]),
    "custom that is nothing": ({"custom": None}, ["identity.custom"]),
    "no hash": ({"user_hash": None}, ["identity.user_hash"]),
    "no token": ({"token": None}, ["identity.token"]),
}


@pytest.fixture
def secret(team: Team) -> str:
    made: str = team.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    return made


@pytest.mark.parametrize("kind", ODD_OPTIONAL)
def test_an_odd_value_is_left_out_and_named(team: Team, kind: str) -> None:
    odd, fields = ODD_OPTIONAL[kind]
    guest = team.guest(identity={"external_id": "ann-1", "name": "Ann", **odd})
    named = [each["field"] for each in guest.session["ignored"]]
    assert named == [f if f.startswith("identity.") else f"identity.{f}" for f in fields]
    assert all(each["message"] for each in guest.session["ignored"])
    contact = team.owner.get(f"/v1/contacts/{guest.become()}").ok()
    assert contact["claimed"]["external_id"] == "ann-1"
    assert contact["claimed"].get("name", "") == ("" if "name" in odd else "Ann")


@pytest.mark.parametrize("kind", [kind for kind in ODD_OPTIONAL if "hash" not in kind])
def test_an_odd_value_beside_a_proof_leaves_the_proof(team: Team, secret: str, kind: str) -> None:
    odd, fields = ODD_OPTIONAL[kind]
    plain = {"external_id": "ann-1", "user_hash": user_hash(secret, "ann-1"), **odd}
    assert team.guest(identity=plain).session["verified"] is True
    # A token's other claims are somebody else's: they aren't named.
    known = [f for f in fields if f.split(".")[-1] not in ("avatar", "plan", "token")]
    in_token = team.guest(identity={"token": sign_identity(secret, external_id="ann-1", **odd)})
    assert in_token.session["verified"] is True
    assert len(in_token.session["ignored"]) == len(known)


@pytest.mark.parametrize("identity", ["ann", 42, [], True, [{"external_id": "ann"}]])
def test_an_identity_that_is_no_object_is_nobodys(team: Team, identity: Any) -> None:
    guest = team.guest(identity=identity)
    assert [each["field"] for each in guest.session["ignored"]] == ["identity"]
    assert guest.session["contact_id"] is None


@pytest.mark.parametrize("mode", ["report", "required"])
@pytest.mark.parametrize(
    ("keys", "over", "field"),
    [
        ({"email": "ann@"}, "ann@", "identity.email"),
        ({"email": ["a@b.example"]}, "a@b.example", "identity.email"),
        ({"external_id": True}, "true", "identity.external_id"),
        ({"external_id": {"id": 1}}, "1", "identity.external_id"),
        ({"external_id": 2**53}, str(2**53), "identity.external_id"),
        ({"external_id": 1.5}, "1.5", "identity.external_id"),
        ({"external_id": "x" * 201}, "x" * 201, "identity.external_id"),
        ({"external_id": [], "email": "a@b.example"}, "a@b.example", "identity.external_id"),
    ],
)
def test_a_proof_of_what_cant_be_a_key_is_refused_by_name(
    team: Team, secret: str, mode: str, keys: dict[str, Any], over: str, field: str
) -> None:
    team.owner.patch("/v1/workspace", {"identity": {"mode": mode}}).ok()
    for identity in (
        {**keys, "user_hash": user_hash(secret, over)},
        {"token": sign_identity(secret, **keys)},
    ):
        refused = session(team, identity)
        assert (refused.status, refused.code) == (422, "identity.invalid")
        assert [each["field"] for each in refused.json["errors"]] == [field]
    if mode == "report":
        assert [each["field"] for each in session(team, keys).ok()["ignored"]] == [field]
    else:
        assert session(team, keys).code == "identity.not_verified"


@pytest.mark.parametrize("user_hash", [12, "0" * 129, {}, False])
def test_what_is_no_hash_at_all_is_refused(team: Team, secret: str, user_hash: Any) -> None:
    refused = session(team, {"external_id": "ann", "user_hash": user_hash})
    assert (refused.status, refused.code) == (422, "identity.invalid")


@pytest.mark.parametrize("token", [12, "x" * 8_193, {}, False, ["a.b.c"]])
def test_what_is_no_token_at_all_is_refused(team: Team, secret: str, token: Any) -> None:
    assert session(team, {"token": token}).code == "identity.invalid"


def test_a_proof_that_fails_is_named(team: Team, secret: str) -> None:
    failing = {
        "wrong hash": ({"external_id": "ann", "user_hash": "0" * 64}, "identity.user_hash"),
        "no key": ({"name": "Ann", "user_hash": "0" * 64}, "identity.user_hash"),
        "foreign": ({"token": sign_identity("not ours" * 5, external_id="ann")}, "identity.token"),
        "empty": ({"token": ""}, "identity.token"),
        "nobody": ({"token": sign_identity(secret, name="Ann")}, "identity.token"),
    }
    for identity, field in failing.values():
        guest = team.guest(identity=identity)
        assert guest.session["verified"] is False
        assert [each["field"] for each in guest.session["ignored"]] == [field]
    team.owner.patch("/v1/workspace", {"identity": {"mode": "off"}}).ok()
    for identity, _ in failing.values():
        assert team.guest(identity=identity).session["ignored"] == []


@pytest.mark.parametrize("number", [42, 0, -7, 2**53 - 1])
def test_a_number_and_its_digits_are_the_same_somebody(
    team: Team, secret: str, number: int
) -> None:
    by_text = team.guest(
        identity={"external_id": str(number), "user_hash": user_hash(secret, str(number))}
    )
    for identity in (
        {"external_id": number, "user_hash": user_hash(secret, str(number))},
        {"token": sign_identity(secret, external_id=number)},
        {"token": sign_identity(secret, external_id=number, sub=number, jti=1)},
        {"token": sign_identity(secret, external_id=float(number))},
        {"token": sign_identity(secret, external_id=str(number))},
    ):
        same = team.guest(identity=identity)
        assert same.session["verified"] is True
        assert same.session["contact_id"] == by_text.session["contact_id"]


def test_a_custom_field_that_cant_be_kept_costs_only_itself(team: Team, secret: str) -> None:
    deep: Any = 1
    for _ in range(11):
        deep = [deep]
    good = {"plan": "gold", "seats": 3, "nested": {"a": [None, True, 1.5]}, "ünïcode 😀": "ok"}
    bad = {"deep": deep, "": 1, "k" * 101: 1, "big": "x" * 9_000, "control\x00": 1}
    guest = team.guest(identity={"name": "Ann", "custom": {**bad, **good}})
    contact = team.owner.get(f"/v1/contacts/{guest.become()}").ok()
    assert contact["custom"] == good
    assert len(guest.session["ignored"]) == len(bad)
    assert all(e["field"].startswith("identity.custom.") for e in guest.session["ignored"])

    from_token = {"nan": float("nan"), "surrogate": "\ud800", "in": {"\udfff": 1}, "fine": 1}
    known = team.guest(
        identity={"token": sign_identity(secret, external_id="a", custom=from_token)}
    ).session
    contact = team.owner.get(f"/v1/contacts/{known['contact_id']}").ok()
    assert contact["custom"] == {"fine": 1}
    assert known["verified"] is True


def test_custom_fields_for_which_a_contact_has_no_room_are_named(team: Team) -> None:
    guest = team.guest(identity={"name": "Ann", "custom": {"a": "x" * 5_000}})
    assert [each["field"] for each in guest.session["ignored"]] == ["identity.custom.a"]
    guest.become()
    again = {"name": "Ann", "custom": {"a": "x" * 5_000}}
    assert team.guest(visitor_secret=guest.secret, identity=again).session["ignored"] == []
    full = team.guest(
        visitor_secret=guest.secret,
        identity={"name": "Ann B", "custom": {"b": "x" * 5_000, "c": 1}},
    )
    assert [each["field"] for each in full.session["ignored"]] == ["identity.custom.b"]
    contact = team.owner.get(f"/v1/contacts/{full.session['contact_id']}").ok()
    assert (sorted(contact["custom"]), contact["claimed"]["name"]) == (["a", "c"], "Ann B")


def test_a_thousand_bad_fields_are_answered_shortly(team: Team) -> None:
    custom = {f"k{n}": "\x00" for n in range(1_000)}
    guest = team.guest(
        identity={"name": "Ann", "custom": custom, **{f"u{n}": 1 for n in range(99)}}
    )
    assert 0 < len(guest.session["ignored"]) <= 20


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("en_US", "en-US"),
        ("de_DE", "de-DE"),
        ("de-de", "de-DE"),
        ("EN", "en"),
        ("zh_CN.UTF-8", "zh-CN"),
        ("pt-BR@latin", "pt-BR"),
        ("sr_Latn", "sr-Latn"),
        ("zh_hans_cn", "zh-Hans-CN"),
        ("iw", "he"),
        ("no", "no"),
        ("es-419", "es-419"),
        ("de-DE-x-" + "-".join(["abcdefgh"] * 9), "de-DE"),
        ("", None),
        ("C", None),
        ("POSIX", None),
        (None, None),
    ],
)
def test_a_locale_is_kept_in_its_canonical_form(team: Team, said: Any, kept: str | None) -> None:
    guest = team.guest(identity={"name": "Ann"}, locale=said)
    assert guest.session["ignored"] == []
    contact = team.owner.get(f"/v1/contacts/{guest.become()}").ok()
    assert contact["locale"] == kept


@pytest.mark.parametrize(
    "odd", ["english, please", "xx" * 40, 42, {}, "d", "de\u2013DE", "\U0001f1e9"]
)
def test_a_locale_that_is_none_is_left_out(team: Team, odd: Any) -> None:
    assert [each["field"] for each in team.guest(locale=odd).session["ignored"]] == ["locale"]


@pytest.mark.parametrize("odd", [60, "Europe/Berlin" * 9, "Mitteleuropäische Zeit", ["UTC"]])
def test_a_time_zone_that_is_none_is_left_out(team: Team, odd: Any) -> None:
    assert [each["field"] for each in team.guest(time_zone=odd).session["ignored"]] == ["time_zone"]


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        (None, []),
        ("https://shop.example/", ["page"]),
        ({}, []),
        ({"url": "https://shop.example/", "title": None}, ["page.title"]),
        ({"url": 1, "title": {}, "referrer": False}, ["page.url", "page.title", "page.referrer"]),
        ({"url": "https://shop.example/" + "x" * 9_000, "title": "y" * 9_000}, []),
        ({"url": "https://shop.example/", "path": "/"}, ["page.path"]),
    ],
)
def test_a_page_that_says_nonsense_of_itself_has_a_chat(
    team: Team, page: Any, fields: list[str]
) -> None:
    guest = team.guest(page=page)
    assert [each["field"] for each in guest.session["ignored"]] == fields


@pytest.mark.parametrize("place", ["title", "name", "custom", "locale"])
def test_half_a_surrogate_pair_is_no_failure_of_ours(team: Team, place: str) -> None:
    half = "\ud83d"
    body = {
        "widget_key": team.widget_key,
        "page": {"url": "https://shop.example/", "title": half if place == "title" else ""},
        "identity": {"name": half} if place == "name" else {"custom": {"a": half}},
        "locale": half if place == "locale" else "en",
    }
    answer = Client().post("/v1/widget/session", json.dumps(body).encode())
    assert (answer.status, answer.code) == (400, "request.malformed")


def session(team: Team, identity: Any) -> Answer:
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}
    return Client().post("/v1/widget/session", {**body, "identity": identity})


def user_hash(secret: str, key: str) -> str:
    return hmac.new(secret.encode(), key.encode(), hashlib.sha256).hexdigest()


def sign_identity(secret: str, **claims: Any) -> str:
    """An identity that the workspace's own server signed."""
    exp = int((instants.now() + timedelta(minutes=5)).timestamp())
    return jwt.encode({**claims, "exp": exp}, secret, algorithm="HS256")

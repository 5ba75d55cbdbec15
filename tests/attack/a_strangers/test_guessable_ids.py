"""What opens something can't be worked out from anything that is shown."""

from __future__ import annotations

import base64
import re
import secrets
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.kit.ids import new_id
from tests.support.api import Client
from tests.support.team import Guest, Team, mails_to, sign_up

CROWD = 1_000
_NAMED = 52
"""Letters of a refresh token that say whose it is."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_ids_made_in_one_burst_are_in_order_and_far_apart() -> None:
    made = [_number(new_id("cnv")) for _ in range(CROWD)]
    steps = [later - one for one, later in pairwise(made)]
    assert min(steps) > 0
    assert len(set(steps)) == len(steps)
    near = sum(step < 2**40 for step in steps)
    assert near == 0, f"{near} ids are within reach of the one before"


def test_nothing_of_a_crowds_visitors_tells_of_another(team: Team) -> None:
    crowd = [team.guest() for _ in range(CROWD)]
    known = [base64.urlsafe_b64decode(each.secret) for each in crowd]
    assert {len(each) for each in known} == {48}
    for part in (slice(0, 16), slice(16, 32), slice(32, 48)):
        assert len({each[part] for each in known}) == CROWD
    ids = sorted(_number(each.visitor_id) for each in crowd)
    assert min(later - one for one, later in pairwise(ids)) > 2**64
    by_arrival = [_number(each.visitor_id) for each in crowd]
    assert by_arrival != ids, "the ids tell who came when"


def test_a_visitor_is_not_known_by_its_id(team: Team) -> None:
    victim = team.guest()
    conversation_id = victim.start("private")["conversation"]["id"]
    for asked in (
        {"visitor_id": victim.visitor_id},
        {"visitor_secret": victim.visitor_id},
        {"visitor_id": victim.visitor_id, "visitor_secret": victim.visitor_id},
        {"visitor_id": victim.visitor_id, "visitor_secret": team.guest().secret},
        {"visitor_id": victim.secret},
    ):
        stranger = team.guest(**asked)
        assert stranger.visitor_id != victim.visitor_id, asked
        assert stranger.get("/v1/widget/conversations").ok()["data"] == []
        path = f"/v1/widget/conversations/{conversation_id}/messages"
        assert stranger.get(path).status == 404
    assert team.guest(visitor_secret=victim.secret).visitor_id == victim.visitor_id


def test_no_route_takes_an_id_for_a_credential(team: Team) -> None:
    victim = team.guest()
    victim.start("private")
    for name in (victim.visitor_id, team.owner.id, team.workspace_id, victim.secret):
        for path in ("/v1/widget/conversations", "/v1/me", "/v1/contacts"):
            answer = Client(token=name).get(path)
            assert (answer.status, answer.code) == (401, "auth.invalid_token"), (name, path)


@pytest.mark.parametrize(
    "secret",
    [
        "", " ", "1", "a" * 64, "A" * 64, "=" * 64, "s" * 43, "s" * 200, "\u00e9" * 64, "..%2f",
        "-" * 64, "\n" + "a" * 63, "x" * 100_000, 7, 1e300, True, ["s" * 64], {"s": 1},
    ],
)  # fmt: skip
def test_a_secret_that_a_browser_thought_up_is_not_taken(team: Team, secret: Any) -> None:
    guests = [team.guest(visitor_secret=secret) for _ in range(2)]
    assert guests[0].visitor_id != guests[1].visitor_id
    assert all(each.secret != secret and len(each.secret) == 64 for each in guests)


def test_a_secret_is_whole_and_its_workspaces_own(team: Team) -> None:
    guest = team.guest()
    raw = base64.urlsafe_b64decode(guest.secret)
    for place in (0, 15, 31, 32, 47):
        changed = bytearray(raw)
        changed[place] ^= 1
        told = base64.urlsafe_b64encode(bytes(changed)).decode()
        assert team.guest(visitor_secret=told).visitor_id != guest.visitor_id
    made_up = base64.urlsafe_b64encode(secrets.token_bytes(48)).decode()
    assert team.guest(visitor_secret=made_up).secret != made_up
    elsewhere = sign_up(team.management).guest(visitor_secret=guest.secret)
    assert elsewhere.visitor_id != guest.visitor_id
    assert elsewhere.secret != guest.secret


def test_whatever_opens_is_random_from_its_first_letter(team: Team) -> None:
    guest, email = team.guest(), "nina@new.example"
    made: dict[str, list[str]] = {}
    for _ in range(20):
        made.setdefault("visitor", []).append(team.guest().secret)
        ticket = guest.post("/v1/socket-tickets").ok()["ticket"]
        made.setdefault("ticket", []).append(ticket)
        key = team.owner.post("/v1/workspace/widget-key").ok()["widget_key"]
        made.setdefault("widget key", []).append(key.removeprefix("wk_"))
        team.widget_key = key
        guest = team.guest()
        secret = team.owner.post("/v1/workspace/identity-secrets").ok()
        made.setdefault("identity secret", []).append(secret["secret"])
        team.owner.delete(f"/v1/workspace/identity-secrets/{secret['id']}").ok()
        login = {"email": team.owner.email, "password": team.owner.password}
        refresh_token = Client().post("/v1/auth/login", login).ok()["refresh_token"]
        made.setdefault("refresh token", []).append(refresh_token[_NAMED:])
    for _ in range(3):
        team.owner.post("/v1/users", {"email": email, "role": "operator"}).ok()
        team.pump()
        link = re.search(r"/invitations/(\S+)", mails_to(email)[-1]["text"])
        assert link
        made.setdefault("invitation", []).append(link[1])
        place = next(
            one for one in team.owner.get("/v1/users").ok()["data"] if one["email"] == email
        )
        team.owner.delete(f"/v1/users/{place['id']}").ok()
    for kind, all_of_it in made.items():
        beginnings = {one[:8] for one in all_of_it}
        assert len(beginnings) == len(all_of_it), f"{kind}s begin alike"
        assert min(len(one) for one in all_of_it) >= 32, kind


def test_nobody_is_shown_a_visitors_secret(team: Team) -> None:
    guest: Guest = team.guest(identity={"name": "Ann"})
    watching = team.socket(team.owner, "visitors", "conversations")
    page = {"url": "https://shop.example/", "title": "Shop"}
    team.socket(guest).send({"action": "presence", "page": page, "state": "active"})
    conversation_id = guest.start()["conversation"]["id"]
    team.pump()
    seen = [
        team.owner.get("/v1/visitors").body,
        team.owner.get("/v1/contacts").body,
        team.owner.get(f"/v1/conversations/{conversation_id}").body,
        str(watching.frames),
        str(team.records()),
    ]
    assert not [told for told in seen if guest.secret in told]


def _number(made: str) -> int:
    number = 0
    for letter in made.partition("_")[2]:
        number = number * 32 + _ALPHABET.index(letter)
    return number

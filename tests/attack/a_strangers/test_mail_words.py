"""Which words of strangers stand in mails that we send."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from chalicelib.auth import mails
from chalicelib.kit import instants
from tests.auth.people import (
    an_address,
    colleague,
    mails_to,
)
from tests.support.team import Team


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Kiln & Ash", "Kiln & Ash"),
        ("Ben's bikes Ltd.", "Ben's bikes Ltd."),
        ("Müller, Søn & 日本", "Müller, Søn & 日本"),
        ("Booking.com", "Booking com"),
        ("http://evil.example/x", "evil example x"),
        ("HTTPS://evil.example", "evil example"),
        ("go to www.evil.example now", "go to evil example now"),
        ("evil\u200b.example", "evil example"),
        ("evil\uff0eexample", "evil example"),
        ("evil\u3002example", "evil example"),
        ("evil\uff61example", "evil example"),
        ("evil\u2024example", "evil example"),
        ("\uff48\uff54\uff54\uff50://\uff45vil.example", "evil example"),
        ("evil.\u00adexample", "evil example"),
        ("\u202eelpmaxe.live", "elpmaxe live"),
        ("me@evil.example", "me evil example"),
        ("mailto:me@evil.example", "me evil example"),
        ("javascript:alert(1)", "alert(1)"),
        ("10.0.0.1/x", "10 0 0 1 x"),
        ("\\\\evil\\share", "evil share"),
        ("one\r\nBcc: two@evil.example", "one Bcc: two evil example"),
        ("one\u2028two\u2029three", "one two three"),
        ("\u3164\u2800\ufe0f", "a team"),
        ("...://", "a team"),
        ("x" * 80, "x" * 39 + "…"),
        ("a.b" * 30, ("a" + " ba" * 30)[:39].rstrip() + "…"),
    ],
)
def test_a_name_in_a_mail_is_no_link_and_short(name: str, shown: str) -> None:
    assert mails.safe_name(name, "a team") == shown
    assert not re.search(r"\S[./\\@]\S", mails.safe_name(name, "a team"))


def test_an_invitations_subject_is_ours_with_a_short_name_in_it(team: Team) -> None:
    ada = colleague(team, "admin", "Ada")
    text = "URGENT: pay at https://evil.example/pay or lose your parcel, dear customer"
    team.owner.patch("/v1/workspace", {"name": text}).ok()
    ada.patch("/v1/me", {"name": text}).ok()
    victim = an_address("victim")
    team.pump()
    with time_machine.travel(instants.now() + timedelta(seconds=11)):
        ada.post("/v1/users", {"email": victim, "role": "operator"}).ok()
        team.pump()
    (mail,) = mails_to(victim)
    assert mail["subject"].startswith("Invitation to the team “URGENT: pay at evil example pay")
    assert len(mail["subject"]) < 80
    assert "parcel" not in mail["text"] + mail["html"]
    hosts = re.findall(r"\b[a-z]+\.example|https?://[^/\s\"]+", mail["text"] + mail["html"])
    assert set(hosts) == {"https://foyer.test"}

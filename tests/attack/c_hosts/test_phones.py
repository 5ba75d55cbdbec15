"""One person has one number, however it is written; what is no number anywhere is none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from infra.local.settings import ROOT
from tests.support.api import Answer
from tests.support.team import Team

# Written → kept. The numbers are those that libphonenumber's own tests and countries' regulators
# set aside, or their patterns.
SAME: dict[str, tuple[str, ...]] = {
    "+491701234567": (
        "+49 (0)170 1234567", "+49(0)170/1234567", "+49-(0)-170-1234567", "0049 170 1234567",
        "00 49 (0) 170 1234567", "(0049) 170 1234567", "+490170 1234567", "tel:+49-170-1234567",
        "+49.170.1234567", "++49 170 1234567", "\u202a+49 170 1234567\u202c", "+49 170-123 45 67",
        "+\u0664\u0669 \u0661\u0667\u0660 \u0661\u0662\u0663\u0664\u0665\u0666\u0667",
        "\uff0b\uff14\uff19 \uff11\uff17\uff10 \uff11\uff12\uff13\uff14\uff15\uff16\uff17",
    ),
    "+442079460958": ("+44 (0)20 7946 0958", "+44 20 7946 0958", "0044 (0) 20 79460958"),
    # Italy keeps its zero.
    "+39066981234": ("+39 06 698 1234", "+39 (0)6 698 1234", "0039 06 6981234"),
    # Argentina's mobiles have a 9 from abroad and a 15 at home.
    "+5491123456789": ("+54 9 11 2345 6789", "+54 11 15 2345 6789", "+54 (011) 15-2345-6789"),
    # Mexico's had a 1 until 2019.
    "+523312345678": ("+52 33 1234 5678", "+52 1 33 1234 5678", "+521 (33) 12345678"),
    "+74951234567": ("+7 495 123-45-67", "+7 (8) 495 1234567"),
    "+3612345678": ("+36 1 234 5678", "+36 (06) 1 234 5678"),
    # No trunk prefix is dialled there; people write one all the same.
    "+34912345678": ("+34 912 345 678", "+34 (0)912345678"),
    "+16502530000": ("+1 650 253 0000", "+1 (650) 253-0000", "001 650.253.0000"),
    "+18003569377": ("+1-800-FLOWERS", "+1 800 356 9377"),
    "+80012345678": ("+800 1234 5678",),
    "+491701234567;ext=12": (
        "+49 170 1234567 ext. 12", "+49 (0)170 1234567 x12", "tel:+49-170-1234567;ext=12",
    ),
}  # fmt: skip

NONE_AT_ALL = (
    "0170 1234567", "170 1234567", "011 49 170 1234567", "110", "112", "+49110", "+49 170",
    "+4917012345678901234567", "+999 123456789", "+0 170 1234567", "+49 170 abc", "+", "tel:", "00",
    "phone", "+49 170 1234567 or +49 30 123456", "tel:0170;phone-context=+49", "1" * 80, "+" * 80,
)  # fmt: skip


@pytest.mark.parametrize("number", SAME)
def test_a_number_is_the_same_however_it_is_written(team: Team, number: str) -> None:
    first, *others = (number, *SAME[number])
    made = team.owner.post("/v1/contacts", {"name": "Ann", "phone": first}).ok()
    assert made["phone"] == number
    for written in others:
        again = team.owner.post("/v1/contacts", {"name": "Ann again", "phone": written})
        assert (written, again.code) == (written, "contact.phone_taken")
        changed = team.owner.patch(f"/v1/contacts/{made['id']}", {"phone": written}).ok()
        assert (changed["phone"], changed["version"]) == (number, made["version"])
        assert claims_of_browser(team, written)["phone"] == number


@pytest.mark.parametrize("written", NONE_AT_ALL)
def test_what_is_no_number_with_its_country_is_none(team: Team, written: str) -> None:
    refused = team.owner.post("/v1/contacts", {"name": "Ann", "phone": written})
    assert fields(refused) == ["phone"]
    assert claims_of_browser(team, written) == {"name": "Ann"}


def test_a_row_from_before_is_mended_when_its_number_is_said_again(team: Team) -> None:
    made = team.owner.post("/v1/contacts", {"name": "Ann", "phone": "+49 30 123456"}).ok()
    path = f"/v1/contacts/{made['id']}"
    assert team.owner.patch(path, {"phone": "+49 (0)30 123456"}).ok()["phone"] == "+4930123456"
    assert team.owner.patch(path, {"phone": "+4930123457"}).ok()["phone"] == "+4930123457"
    # The number that was given up is free.
    team.owner.post("/v1/contacts", {"name": "Ben", "phone": "+49 (0) 30/123456"}).ok()


def test_who_says_no_number_doesnt_wait_for_the_library() -> None:
    script = """
import json, sys
from tests.conftest import pytest_unconfigure
from chalicelib.platform import transport
from chalicelib.platform.config import config
from infra.packaging.tables import ensure_tables
from tests.support.sockets import Management
from tests.support.team import sign_up

ensure_tables(transport, config().prefix)
team = sign_up(Management(), "Ann")
loaded = lambda: "phonenumbers" in sys.modules
team.guest(identity={"name": "Ann", "email": "ann@shop.example"})
before = loaded()
team.guest(identity={"name": "Ann", "phone": "+49 (0)170 1234567"})
print(json.dumps([before, loaded()]))
pytest_unconfigure()
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert json.loads(ran.stdout) == [False, True], ran.stderr


def claims_of_browser(team: Team, phone: str) -> Any:
    """What a contact's browser claims of it, having said `phone`."""
    guest = team.guest(identity={"name": "Ann", "phone": phone})
    guest.start("hello")
    conversation = team.owner.get("/v1/conversations?status=all").ok()["data"][0]
    return team.owner.get(f"/v1/contacts/{conversation['contact']['id']}").ok()["claimed"]


def fields(answer: Answer) -> list[str]:
    assert answer.status == 422, answer.body
    return [each["field"] for each in answer.json["errors"]]

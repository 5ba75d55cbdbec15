"""Text that we shorten ends between what a reader sees as characters."""

from __future__ import annotations

import pytest

from chalicelib.kit import text
from tests.support.team import Team

SIGNS = {
    "a face": "\U0001f600",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "a flag": "\U0001f1e9\U0001f1ea",
    "a flag of tags": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "a thumb with a skin": "\U0001f44d\U0001f3fd",
    "a heart": "\u2764\ufe0f",
    "a key": "1\ufe0f\u20e3",
    "an accent": "e\u0301",
    "a syllable": "\u0928\u093f",
    "a joined word": "\u0646\u200c",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_a_lists_excerpt_holds_whole_signs(team: Team, sign: str) -> None:
    """Wherever the limit falls into the last one."""
    guest = team.guest()
    for before in range(119 - len(sign), 120):
        said = "a" * before + sign * 3 + "b" * 120
        shown = guest.start(said)["conversation"]["last_message"]["text"]
        assert shown.endswith("…")
        kept = shown[before:-1]
        assert kept == sign * (len(kept) // len(sign)), (before, kept)
        assert len(shown) > 120 - 1 - len(sign)


def test_a_visitors_title_holds_whole_signs(team: Team) -> None:
    guest = team.guest()
    watching = team.socket(team.owner)
    watching.send({"action": "subscribe", "topic": "visitors"})
    for sign in SIGNS.values():
        page = {"url": f"https://shop.example/{len(sign)}", "title": "x" * 199 + sign * 20}
        team.socket(guest).send({"action": "presence", "page": page, "state": "active"})
        [row] = team.owner.get("/v1/visitors").ok()["data"]
        assert row["page"]["title"] == "x" * 199 + (sign if len(sign) == 1 else "")


def test_what_is_longer_than_any_sign_is_cut_after_all() -> None:
    assert text.cut("a" + "\u0301" * 500, 100) == "a" + "\u0301" * 99
    assert text.cut("\U0001f1e9" * 500, 101) == "\U0001f1e9" * 100
    assert [text.cut("abc", limit) for limit in (0, 1, 3, 9)] == ["", "a", "abc", "abc"]

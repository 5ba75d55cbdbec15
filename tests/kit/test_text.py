"""What people write: nothing invisible counts, and no name turns the text around it."""

from __future__ import annotations

from tests.support.team import Team, fresh

INVISIBLE = ("\u200b", " \u2060\ufeff ", "\u3164", "\u2800\n\xad", "\u200e\u200f")


def test_what_cant_be_seen_is_blank(team: Team) -> None:
    guest = team.guest()
    for unseen in INVISIBLE:
        said = {"text": unseen, "client_id": fresh()}
        assert guest.post("/v1/widget/conversations", said).status == 422, unseen
        assert team.owner.patch("/v1/me", {"name": unseen}).status == 422, unseen
        assert team.owner.patch("/v1/workspace", {"name": unseen}).status == 422, unseen
        shown = team.owner.post("/v1/contacts", {"name": unseen, "email": f"{fresh()}@a.example"})
        assert shown.ok()["name"] == shown.ok()["email"], unseen


def test_what_joins_or_turns_letters_stays_where_there_are_letters(team: Team) -> None:
    said = "\u0646\u200c\u0645 \U0001f468\u200d\U0001f469 \u2764\ufe0f \u202babc\u202c"
    assert team.guest().start(said)["message"]["text"] == said
    person = "\u0646\u200c\u0645 \U0001f468\u200d\U0001f469 \u2764\ufe0f"
    assert team.owner.patch("/v1/me", {"name": person}).ok()["user"]["name"] == person


def test_a_name_turns_no_text_around_it(team: Team) -> None:
    turned = "Ann \u202egnp.exe\u202c \u2067x\u2069"
    assert team.owner.post("/v1/contacts", {"name": turned}).ok()["name"] == "Ann gnp.exe x"
    assert team.owner.patch("/v1/workspace", {"name": turned}).ok()["name"] == "Ann gnp.exe x"

"""What people write: nothing invisible counts, and no name turns the text around it."""

from __future__ import annotations

from tests.support.team import Team, fresh

INVISIBLE = (
    *("\u200b", " \u2060\ufeff ", "\u3164", "\u2800\n\xad", "\u200e\u200f"),
    # Of Unicode's ignorable signs those that are rarer still: tags, variants, formats of music.
    *("\U000e0020\U000e007f", "\U000e0100", "\U0001d173", "\U0001bca0 \ufff0"),
)


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


def test_what_is_said_keeps_its_own_spaces_and_no_blank_lines_around(team: Team) -> None:
    guest = team.guest()
    kept = {
        "\n \n    at foo()\n    at bar()  \n\n": "    at foo()\n    at bar()",
        "\t- a\r\n\t\t- b": "\t- a\n\t\t- b",
        "  a   b\n\n\n\nc": "  a   b\n\n\n\nc",
        "\r\r  x": "  x",
    }
    assert [guest.start(said)["message"]["text"] for said in kept] == list(kept.values())


def test_what_was_copied_from_a_terminal_arrives_with_its_controls_to_be_seen(team: Team) -> None:
    guest = team.guest()
    kept = {
        "\x1b[31mERROR\x1b[0m": "␛[31mERROR␛[0m",
        "a\x00b\x0bc\x0cd\x7f": "a␀b␋c␌d␡",
        "caf\x82": "caf\ufffd",
        "\x07": "␇",
    }
    assert [guest.start(said)["message"]["text"] for said in kept] == list(kept.values())
    assert team.owner.patch("/v1/me", {"name": "An\x1bna"}).status == 422


def test_a_list_shows_how_a_message_begins_line_by_line(team: Team) -> None:
    began = {
        "```js\n  let a;\n\n```\n- b": "```js\nlet a;\n```\n- b",
        "a" * 121: "a" * 119 + "…",
        "\n".join("abcd" * 30): ("\n".join("abcd" * 30))[:119] + "…",
    }
    guest = team.guest()
    shown = [guest.start(said)["conversation"]["last_message"]["text"] for said in began]
    assert shown == list(began.values())


def test_a_name_turns_no_text_around_it(team: Team) -> None:
    turned = "Ann \u202egnp.exe\u202c \u2067x\u2069"
    assert team.owner.post("/v1/contacts", {"name": turned}).ok()["name"] == "Ann gnp.exe x"
    assert team.owner.patch("/v1/workspace", {"name": turned}).ok()["name"] == "Ann gnp.exe x"

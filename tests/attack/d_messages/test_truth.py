"""No message shows an address that it doesn't lead to, runs anything, or keeps a browser busy."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Frame, Page

from tests.attack.d_messages.talk import TABLE, Talk
from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person
from tests.e2e.host import HostSite

FALSE = [
    *(row["text"] for row in TABLE if row["about"] == "truth"),
    "[https://bank.example](https://evil.example/https://bank.example)",
    "[**https://bank.example**](https://evil.example)",
    "[see\u2028https://bank.example](https://evil.example)",
    "[bank.example\u00a0](https://evil.example) [ bank .example](https://evil.example)",
    '[bank](https://evil.example "https://bank.example")',
    "[\uff42\uff41\uff4e\uff4b.example](https://evil.example)",
    "[bank\u2024example](https://evil.example)",
    "https://bank.example\u200b@evil.example https://bank.example\\@evil.example",
    "[x](javascript:alert(1)) [x](\tjavascript:alert(1)) [x](java\nscript:alert(1)) javascript:x",
    '<a href="https://evil.example">https://bank.example</a> <img src=x onerror=alert(1)>',
    "![https://bank.example](https://evil.example)",
    "[[https://bank.example](https://evil.example)](https://evil.example)",
]
_LINKS = """() => [...document.querySelectorAll(".markdown a")].map((a) =>
  [a.innerText, a.href, a.rel, a.target])"""


def _false(at: Page | Frame) -> list[str]:
    """The links whose words name another place than theirs."""
    found = []
    for words, href, rel, target in at.evaluate(_LINKS):
        assert (rel, target) == ("noopener noreferrer nofollow ugc", "_blank")
        assert urlsplit(href).scheme in ("http", "https", "mailto")
        if "bank" in words.casefold() and not href.startswith(
            (words, f"https://{words}", f"mailto:{words}")
        ):
            found.append(f"{words} → {href}")
    return found


def test_no_link_shows_a_false_address(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    talk = Talk(owner, host, new_context)
    for some in range(0, len(FALSE), 10):
        talk.answer("\n\n".join(FALSE[some : some + 10]))
    desk = talk.desk(new_tab(height=4000))
    asked: list[str] = []
    for page in (talk.chat.page, desk):
        page.on("dialog", lambda dialog: asked.append(dialog.message))
    for at in (talk.frame, desk):
        assert _false(at) == []
        assert at.evaluate("document.querySelector('.markdown :is(img, script, iframe)')") is None
    assert asked == []


def test_hostile_messages_are_drawn_at_once_on_both_sides(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    hostile = [
        "`a` " * 2500,
        "[" * 10_000,
        "*a " * 3_333,
        "> " * 4_999 + "a",
        "[a](https://b" * 700,
        "- " * 4_999 + "a",
        "\n".join("ab" for _ in range(3_300)),
        "_" * 10_000,
    ]
    talk = Talk(owner, host, new_context)
    talk.answer(*hostile)
    desk = talk.desk(new_tab())
    desk.locator(".markdown").nth(len(hostile)).wait_for()
    kept = desk.evaluate(
        "() => [...document.querySelectorAll('.markdown')].slice(1).map((m) => m.innerText.length)"
    )
    assert [kept[1], kept[7]] == [10_000, 10_000]
    assert all(length > 2_400 for length in kept)

"""Whatever is written, nothing is wider than the window: it breaks, or scrolls in its own place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.attack.d_messages.talk import WIDTHS, Talk
from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person, until
from tests.e2e.host import HostSite
from tests.e2e.widget.chat import axe_violations

_LINE = "const answer = '" + "0123456789 " * 60 + "';"
WIDE = [
    f"```js\n{_LINE}\nshort();\n```",
    "W" * 400,
    "https://a.example/" + "path/" * 600,
    "| a | b |\n|---|---|\n" + "| cell " * 80,
    "`" + "codecode" * 60 + "`",
    "- " + "L" * 300 + "\n  - " + "M" * 300 + f"\n    ```\n    {_LINE}\n    ```",
    "> " + "Q" * 300 + f"\n> ```\n> {_LINE}\n> ```",
    "مرحبا" * 80 + f"\n```\n{_LINE}\n```",
    "😀" * 300,
    "請求書の宛名を変更したい" * 30,
    "\n".join("😀" * 10),
    "1. " + "n" * 300,
    "[" + "label" * 60 + "](https://a.example)",
    "a" + "\u0301" * 300,
]


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_dashboard_keeps_every_message_inside_the_window(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab, width: int
) -> None:
    talk = Talk(owner, host, new_context)
    for text in WIDE:
        talk.ask(text)
    talk.say(*WIDE)
    desk = talk.desk(new_tab(width=width))
    expect(desk.locator(".markdown").last).to_be_visible()
    assert desk.evaluate(WIDTHS) == [True, []]
    track = "(e) => e.scrollWidth <= e.clientWidth"
    assert desk.locator(".timeline").first.evaluate(track)
    wide = desk.locator("pre[tabindex='0'][role=group]")
    assert until(lambda: wide.count() == desk.locator("pre").count())
    wide.last.focus()
    desk.keyboard.press("ArrowRight")
    assert until(lambda: wide.last.evaluate("(e) => e.scrollLeft > 0"))
    if width > 390:  # Where there is one pane, its heading isn't the page's first.
        assert axe_violations(desk) == []
    for text in WIDE:
        talk.say(text)
        desk.goto(f"{owner.url}/conversations")
        desk.locator(".row-preview").first.wait_for()
        assert desk.evaluate(WIDTHS) == [True, []], text[:30]
    desk.keyboard.press("Control+k")
    desk.get_by_role("dialog").wait_for()
    assert desk.evaluate(WIDTHS) == [True, []]


def test_details_profiles_drafts_and_what_waits_keep_it_too(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    anna = owner.customer("W" * 120)
    for text in WIDE[:4]:
        anna.conversation = ""
        anna.write(text)
    desk = owner.sit_down(new_tab(), f"/conversations/{anna.conversation}")
    expect(desk.locator(".markdown")).to_have_count(1)
    assert desk.evaluate(WIDTHS) == [True, []]
    desk.get_by_placeholder("Write a reply…").fill(WIDE[2])
    desk.context.set_offline(True)
    desk.get_by_placeholder("Write a reply…").press("Control+Enter")
    desk.locator("details.queued summary").click()
    assert desk.evaluate(WIDTHS) == [True, []]
    desk.context.set_offline(False)
    contact = owner.ask("GET", "/v1/contacts")["data"][0]["id"]
    desk.goto(f"{owner.url}/contacts/{contact}")
    desk.get_by_label("Phone").wait_for()
    assert desk.evaluate(WIDTHS) == [True, []]


@pytest.mark.parametrize("width", [320, 400, 1000])
def test_the_widget_keeps_every_message_inside_its_panel(
    owner: Person, host: HostSite, new_context: NewContext, width: int
) -> None:
    talk = Talk(owner, host, new_context, viewport={"width": width, "height": 700})
    for text in WIDE:
        talk.ask(text)
    talk.answer(*WIDE)
    assert talk.frame.evaluate(WIDTHS) == [True, []]
    assert talk.chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = talk.chat.frame.locator("pre[tabindex='0'][role=group]")
    assert until(lambda: wide.count() == talk.chat.frame.locator("pre").count())
    wide.last.focus()
    talk.chat.page.keyboard.press("ArrowRight")
    assert until(lambda: wide.last.evaluate("(e) => e.scrollLeft > 0"))
    assert axe_violations(talk.chat.page) == []
    for text in WIDE:
        talk.answer(text)
        talk.chat.back()
        talk.chat.frame.locator(".last").first.wait_for()
        assert talk.frame.evaluate(WIDTHS) == [True, []], text[:30]
        talk.chat.frame.locator(".row").first.click()

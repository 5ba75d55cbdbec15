"""What the chat shows before it can talk, when it may not, and over what it is told."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import NewContext
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat, axe_violations

_UNAVAILABLE = "The chat isn't available on this page."
_PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


def _hang(route: Route) -> None:
    """No answer, for as long as anybody looks."""
    del route


def block(operator: Operator, blocked: bool) -> None:
    contact = operator.conversations()[0]["contact"]["id"]
    operator.patch(f"/v1/contacts/{contact}", {"blocked": blocked})


def test_who_is_blocked_is_told_so_and_not_that_it_will_pass(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("hello")
    block(operator, True)
    expect(chat.banner).to_have_text(_UNAVAILABLE)
    assert axe_violations(page) == []
    block(operator, False)
    expect(chat.banner).to_be_hidden(timeout=30_000)


def test_who_is_blocked_is_offered_no_message_to_write(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    chat.begin("hello")
    block(operator, True)
    page.goto(url)
    chat.launcher.click()
    expect(chat.banner).to_have_text(_UNAVAILABLE)
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_have_count(0)


def test_the_chat_has_its_colour_before_the_session_is_there(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(colour="#0e7c66")
    url = host.with_widget(operator.widget_key)
    Chat(page).visit(url)
    page.route("**/v1/widget/session", _hang)
    page.goto(url)
    chat = Chat(page)
    chat.launcher.click()
    hero = chat.frame.locator(".hero")
    expect(hero).to_be_visible()
    expect(hero).to_have_css("background-image", re.compile(r"rgb\(14, 124, 102\)"))


def test_a_phone_shows_that_the_chat_is_on_its_way(
    new_context: NewContext, host: HostSite, operator: Operator
) -> None:
    page = new_context(**_PHONE).new_page()
    page.route("**/widget/frame.html*", _hang)
    chat = Chat(page).visit(host.with_widget(operator.widget_key))
    chat.launcher.tap()
    panel = page.locator("foyer-widget #panel")
    expect(panel).to_be_visible()
    mark = "(panel) => getComputedStyle(panel, '::after').content"
    assert panel.evaluate(mark) == '"…"'
    chat.launcher.tap()
    expect(panel).to_be_hidden()


def test_a_notice_lies_over_nothing_that_is_to_be_read(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(reply_expectation="We usually answer within the hour, on weekdays " * 2)
    page.set_viewport_size({"width": 320, "height": 640})
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("hello")
    page.context.set_offline(True)
    expect(chat.banner).to_be_visible()
    _are_apart(chat.banner.bounding_box(), chat.bubbles.first.bounding_box())
    _are_apart(chat.banner.bounding_box(), chat.frame.locator(".who").bounding_box())
    chat.back()
    expect(chat.banner).to_be_visible()
    chat.frame.locator(".home").evaluate("(home) => home.scrollTo(0, home.scrollHeight)")
    for sign in (".hero h1", ".hero p", ".new"):
        _are_apart(chat.banner.bounding_box(), chat.frame.locator(sign).bounding_box())


def test_each_line_of_a_message_runs_in_its_own_direction(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("hello")
    operator.reply(operator.conversations()[0]["id"], f"مرحبا\nEnglish, {'and ' * 20}more")
    expect(chat.bubbles).to_have_count(2)
    left = chat.bubbles.last.locator("p").evaluate(
        """(p) => {
          const range = document.createRange();
          const at = p.firstChild.data.indexOf("English");
          range.setStart(p.firstChild, at);
          range.setEnd(p.firstChild, at + 7);
          return range.getBoundingClientRect().left - p.getBoundingClientRect().left;
        }"""
    )
    assert left < 2


def _are_apart(one: Any, other: Any) -> None:
    assert one
    assert other
    above = one["y"] + one["height"] <= other["y"]
    below = other["y"] + other["height"] <= one["y"]
    assert above or below, (one, other)

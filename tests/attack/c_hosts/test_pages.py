"""Pages with strict policies, odd options and odd names for things, in a real browser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.people import until
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
_ERRORS = """
  window.told = [];
  window.Foyer = window.Foyer || function () { (Foyer.q = Foyer.q || []).push(arguments); };
  Foyer("on", "error", (error) => window.told.push(error));
"""


@pytest.mark.parametrize("policies", ["", "; trusted-types foyer", "; trusted-types foyer other"])
def test_a_page_that_requires_trusted_types_has_a_chat(
    page: Page, host: HostSite, operator: Operator, policies: str
) -> None:
    failures = _violations(page)
    host.policy += f"; require-trusted-types-for 'script'{policies}"
    chat = Chat(page).visit(host.with_widget(operator.widget_key, script=_ERRORS)).open()
    chat.begin("hello 👋")
    chat.frame.get_by_role("button", name="Emoji").click()
    chat.frame.get_by_role("button", name="😀").first.click()
    expect(chat.composer).to_have_value("😀")
    assert (page.evaluate("window.told"), failures) == ([], [])


@pytest.mark.parametrize("policies", ["'none'", "other"])
def test_a_page_that_doesnt_allow_our_policy_is_told_so(
    page: Page, host: HostSite, operator: Operator, policies: str
) -> None:
    host.policy += f"; require-trusted-types-for 'script'; trusted-types {policies}"
    page.goto(host.with_widget(operator.widget_key, script=_ERRORS))
    page.wait_for_function("() => window.told.length")
    page.evaluate("Foyer('open')")
    assert {error["code"] for error in page.evaluate("window.told")} == {"trusted_types"}
    expect(page.locator("foyer-widget #panel")).to_be_hidden()


def test_a_default_policy_of_the_pages_own_is_enough(
    page: Page, host: HostSite, operator: Operator
) -> None:
    host.policy += "; require-trusted-types-for 'script'; trusted-types default"
    default = "trustedTypes.createPolicy('default', { createScriptURL: (url) => url });"
    Chat(page).visit(host.with_widget(operator.widget_key, script=default)).open()


@pytest.mark.parametrize(
    ("locale", "button"),
    [
        ("en_US", "Send us a message"),
        ("de_DE", "Nachricht schreiben"),
        ("de-at", "Nachricht schreiben"),
        ("DE_de.UTF-8@euro", "Nachricht schreiben"),
        ("fr_CA", "Écrivez-nous"),
        ("zh_CN", "Send us a message"),
        ("C", "Send us a message"),
        ("xx-" + "long-" * 40, "Send us a message"),
        ("<b>", "Send us a message"),
    ],
)
def test_any_locale_has_a_chat(
    page: Page, host: HostSite, operator: Operator, locale: str, button: str
) -> None:
    attribute = "data-locale=" + json.dumps(locale.replace("<", "&lt;"))
    chat = Chat(page).visit(host.with_widget(operator.widget_key, attributes=attribute))
    chat.launcher.click()
    chat.frame.get_by_role("button", name=button).click()
    chat.write("hello")
    expect(chat.bubbles).to_have_text(["hello"])
    expect(chat.frame.locator(".mine .meta")).not_to_be_empty()


def test_another_language_is_spoken_in_place(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("hello")
    chat.composer.fill("a draft")
    root = chat.frame.locator("html")
    for locale, launcher, sent, direction in (
        ("de_AT", "Chat schließen", "Zugestellt|Gesendet", "ltr"),
        ("ar", "إغلاق الدردشة", "وصلت|أُرسلت", "rtl"),
        ("xx", "Close chat", "Delivered|Sent", "ltr"),
        ("fr", "Fermer le chat", "Distribué|Envoyé", "ltr"),
        ("en_GB", "Close chat", "Delivered|Sent", "ltr"),
    ):
        page.evaluate(f"Foyer('update', {{ locale: '{locale}' }})")
        expect(root).to_have_attribute("dir", direction)
        expect(chat.mark(sent)).to_be_visible()
        assert launcher in str(chat.launcher.get_attribute("aria-label"))
        expect(chat.composer).to_have_value("a draft")
        expect(chat.composer).to_be_focused()
    contact = operator.conversations()[0]["contact"]["id"]
    assert until(lambda: operator.get(f"/v1/contacts/{contact}")["locale"] == "en-GB")


def test_an_odd_identity_costs_only_what_is_odd(
    page: Page, host: HostSite, operator: Operator
) -> None:
    identity = (
        "{ external_id: 42, name: 'Ann \\ud83d', email: null, phone: '0170 1234567', avatar: 'x',"
        " custom: { plan: 'gold', call() {}, big: 'x'.repeat(9000), self: window } }"
    )
    boot = f"Foyer('boot', {{ key: '{operator.widget_key}', identity: {identity} }});"
    chat = Chat(page).visit(host.without_key(_ERRORS + boot)).open()
    chat.begin("still here")
    told = page.evaluate("window.told")
    assert {error["code"] for error in told} == {"identity.ignored"}
    assert {"identity.email", "identity.phone", "identity.avatar", "identity.custom.call"} <= {
        error["field"] for error in told
    }
    assert all(error["message"] for error in told)
    [conversation] = operator.conversations()
    assert conversation["contact"]["name"] == "Ann \ufffd"
    contact = operator.get(f"/v1/contacts/{conversation['contact']['id']}")
    assert contact["claimed"]["external_id"] == "42"
    assert contact["custom"]["plan"] == "gold"


def test_a_title_that_ends_in_half_an_emoji_has_a_chat(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(presence=True)
    odd = "document.title = 'x'.repeat(299) + '😀'; history.replaceState(0, '', '?q=\\ud83d');"
    chat = Chat(page).visit(host.with_widget(operator.widget_key, script=odd)).open()
    chat.frame.get_by_role("button", name="Send us a message").click()
    chat.composer.evaluate("(field) => { field.value = 'half \\ud83d'; }")
    chat.composer.dispatch_event("input")
    chat.composer.press("Enter")
    expect(chat.mark("Delivered", "Sent")).to_be_visible()
    page.evaluate("document.title = '\\ud83d'; history.pushState(0, '', '/elsewhere')")
    page.wait_for_timeout(2500)
    assert [row["page"]["title"] for row in operator.visitors()] == ["\ufffd"]
    [conversation] = operator.conversations()
    assert conversation["last_message"]["text"] == "half \ufffd"


def test_elements_that_take_the_documents_names_do_no_harm(
    page: Page, host: HostSite, operator: Operator
) -> None:
    named = "".join(f'<img name="{name}">' for name in ("title", "referrer", "cookie", "hidden"))
    Chat(page).visit(host.with_widget(operator.widget_key, head=named)).open().begin("hello")


@pytest.mark.parametrize("hidden", ["", "data-launcher-hidden"])
def test_a_chat_that_doesnt_come_leaves_a_way_out_at_once_and_another_try(
    new_context: NewContext, host: HostSite, operator: Operator, hidden: str
) -> None:
    page = new_context(**PHONE).new_page()
    url = host.with_widget(operator.widget_key, attributes=hidden, script=_ERRORS)
    chat = Chat(page).visit(url)
    held: list[Route] = []
    page.route("**/widget/frame.html*", lambda route: held.append(route))
    page.clock.install()
    for leave in ("click", "Escape"):
        page.evaluate("Foyer('open')")
        expect(chat.launcher).to_have_accessible_name("Close chat")
        expect(chat.launcher).to_be_in_viewport()
        if leave == "click":
            chat.launcher.click()
        else:
            page.keyboard.press("Escape")
        expect(page.locator("foyer-widget #panel")).to_be_hidden()
    page.evaluate("Foyer('open')")
    page.clock.run_for(8_000)
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_focused()
    box: Any = page.locator("foyer-widget #panel").bounding_box()
    assert box["height"] < 300
    assert [error["code"] for error in page.evaluate("window.told")] == ["frame"]
    held.pop().abort()
    page.unroute("**/widget/frame.html*")
    page.clock.resume()
    retry.click()
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()
    expect(page.locator("foyer-widget #panel")).to_have_css("height", "780px")
    chat.frame.get_by_role("button", name="Close").click()
    expect(page.locator("foyer-widget #panel")).to_be_hidden()


def test_a_chat_that_comes_late_is_welcome(page: Page, host: HostSite, operator: Operator) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key))
    held: list[Route] = []
    page.route("**/widget/frame.html*", lambda route: held.append(route))
    page.clock.install()
    page.evaluate("Foyer('open')")
    page.clock.run_for(8_000)
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    page.clock.resume()
    held[0].continue_()
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()
    expect(retry).to_have_count(0)


def test_a_blocked_guest_script_covers_nothing(
    new_context: NewContext, host: HostSite, operator: Operator
) -> None:
    page = new_context(**PHONE).new_page()
    page.route("**/assets/guest-*", lambda route: route.abort())
    page.goto(host.with_widget(operator.widget_key, script=_ERRORS))
    page.evaluate("Foyer('open')")
    page.wait_for_function("() => window.told.some(({ code }) => code === 'network')")
    expect(page.locator("foyer-widget #panel")).to_be_hidden()
    page.unroute("**/assets/guest-*")
    Chat(page).open()


def _violations(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda told: found.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda failure: found.append(str(failure)))
    return found


def test_a_message_is_shown_on_a_page_that_requires_trusted_types(
    page: Page, host: HostSite, operator: Operator
) -> None:
    failures = _violations(page)
    operator.configure(presence=True)
    host.policy += "; require-trusted-types-for 'script'; trusted-types foyer"
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("hello")
    page.evaluate("Foyer('close')")
    operator.reply(operator.conversations()[0]["id"], "hi **there**")
    expect(chat.preview).to_contain_text("hi there")
    expect(chat.badge).to_have_text("1")
    expect(chat.badge).to_have_css("background-color", "rgb(200, 32, 47)")
    assert failures == []

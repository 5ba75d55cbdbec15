"""Pages whose libraries, elements and headers change what scripts of others stand on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

# What MooTools before 1.6 puts in place of `Array.from`: it knows neither iterators nor a mapping,
# and what can't be listed it puts into an array.
_MOOTOOLS = """
  Array.from = (item) => item == null ? []
    : typeof item != 'string' && typeof item.length == 'number'
      ? Array.prototype.slice.call(item) : [item];
"""
# What Prototype 1.6 and 1.7 (Magento 1) put in place of methods that arrays have by themselves.
_PROTOTYPE = """
  Array.from = (item) => item && item.length ? Array.prototype.slice.call(item) : [];
  Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };
  Array.prototype.entries = function () { return this.slice(); };
  Array.prototype.each = function (iterator) { this.forEach(iterator); return this; };
"""


@pytest.mark.parametrize("library", [_MOOTOOLS, _PROTOTYPE], ids=["MooTools", "Prototype"])
@pytest.mark.parametrize("queued", [False, True], ids=["tag", "queue"])
def test_what_libraries_put_in_place_of_the_browsers_own_methods_breaks_no_chat(
    page: Page, host: HostSite, operator: Operator, library: str, queued: bool
) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    boot = f"Foyer('boot', {{ key: '{operator.widget_key}' }});"
    url = (
        host.without_key(library + boot)
        if queued
        else host.with_widget(operator.widget_key, script=library)
    )
    chat = Chat(page).visit(url).open()
    chat.begin("hello")
    chat.launcher.click()
    (conversation,) = operator.get("/v1/conversations")["data"]
    path = f"/v1/conversations/{conversation['id']}/messages"
    operator.post(path, {"text": "***both*** at once", "client_id": "0" * 26})
    expect(chat.badge).to_have_text("1")
    page.reload()
    expect(chat.badge).to_have_text("1")
    # Counted by asking, and then by hearing of it.
    operator.post(path, {"text": "and", "client_id": "1" * 26})
    expect(chat.badge).to_have_text("2")
    operator.post(path, {"text": "***both*** again", "client_id": "2" * 26})
    expect(chat.preview).to_contain_text("both again")
    assert failures == []


@pytest.mark.parametrize(
    "element",
    [
        '<img name="currentScript" src="{elsewhere}/widget/loader.js">',
        '<form name="currentScript"></form>',
        '<iframe name="currentScript" srcdoc="" title="x"></iframe>',
        '<a id="Foyer" name="q" href="{elsewhere}">x</a>',
    ],
)
def test_an_element_of_the_pages_says_nothing_of_where_our_code_comes_from(
    page: Page, host: HostSite, operator: Operator, element: str
) -> None:
    elsewhere = "http://elsewhere.example"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    host.policy = ""
    shown = element.format(elsewhere=elsewhere)
    url = host.with_widget(operator.widget_key, head=f"</head><body>{shown}")
    Chat(page).visit(url).open()
    ours = [each for each in asked if each.startswith(elsewhere) and "/assets/" in each]
    assert ours == []


@pytest.mark.parametrize("embedder", ["require-corp", "credentialless"])
def test_a_page_that_isolates_itself_has_a_chat(
    page: Page, host: HostSite, operator: Operator, embedder: str
) -> None:
    host.headers = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": embedder,
    }
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    assert page.evaluate("crossOriginIsolated")
    chat.begin("hello")
    chat.frame.get_by_role("button", name="Emoji").click()
    chat.frame.get_by_role("button", name="😀").first.click()
    expect(chat.composer).to_have_value("😀")


def test_nothing_of_the_chat_is_printed(page: Page, host: HostSite, operator: Operator) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    page.emulate_media(media="print")
    expect(chat.launcher).to_be_hidden()
    expect(page.locator("foyer-widget #panel")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(chat.launcher).to_be_visible()

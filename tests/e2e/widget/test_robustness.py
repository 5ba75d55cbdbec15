"""The widget where browsers, pages and networks don't behave."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import CHROMIUM, SWITCHES, NewContext
from tests.e2e.dashboard.people import until
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

_STORAGE_REFUSED = """
  const refuse = () => { throw new DOMException("refused", "SecurityError"); };
  for (const name of ["localStorage", "indexedDB"]) {
    Object.defineProperty(window, name, { get: refuse });
  }
  navigator.locks.request = async () => refuse();
"""
_DISK_FULL = """
  const full = () => { throw new DOMException("full", "QuotaExceededError"); };
  Storage.prototype.setItem = full;
  IDBObjectStore.prototype.put = full;
"""
# As Safari 14 at the first opening, and others when their database service has died.
_DISK_SILENT = """
  IDBFactory.prototype.open = () => ({});
"""
_DISK_DIED = """
  const silent = new Proxy({}, { get: () => () => ({}), set: () => true });
  IDBDatabase.prototype.transaction = () => silent;
"""
_SOCKETS_REFUSED = """
  window.WebSocket = class extends EventTarget {
    constructor() { super(); setTimeout(() => this.onclose?.()); }
    close() {}
  };
"""
_CLOCK_OFF = """
  const Right = Date;
  const off = OFF;
  window.Date = class extends Right {
    constructor(...parts) { super(...(parts.length ? parts : [Right.now() + off])); }
    static now() { return Right.now() + off; }
  };
"""


@pytest.mark.parametrize(
    "trouble",
    [_STORAGE_REFUSED, _DISK_FULL, _DISK_SILENT, _DISK_DIED],
    ids=["refused", "full", "silent", "died"],
)
def test_a_chat_works_where_storage_is(
    page: Page, host: HostSite, operator: Operator, trouble: str
) -> None:
    page.add_init_script(trouble)
    page.goto(host.with_widget(operator.widget_key))
    chat = Chat(page).open()
    chat.begin("hello")
    operator.reply(operator.conversations()[0]["id"], "hi")
    expect(chat.bubbles).to_have_text(["hello", "hi"])
    chat.composer.fill("draft")
    chat.back()
    chat.frame.get_by_role("button", name="hi").click()
    expect(chat.composer).to_have_value("draft")


@pytest.mark.parametrize(
    ("off", "day"),
    [("new Date().setHours(0) - Right.now() - 9e6", "Today"), ("7 * 3.6e6", "Today|Yesterday")],
    ids=["before midnight", "hours ahead"],
)
def test_a_clock_that_is_wrong_by_hours_changes_neither_order_nor_days(
    page: Page, host: HostSite, operator: Operator, off: str, day: str
) -> None:
    page.add_init_script(_CLOCK_OFF.replace("OFF", off))
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("one")
    operator.reply(operator.conversations()[0]["id"], "two")
    expect(chat.bubbles).to_have_text(["one", "two"])
    chat.write("three")
    expect(chat.mark("Delivered", "Sent")).to_be_visible()
    expect(chat.bubbles).to_have_text(["one", "two", "three"])
    expect(chat.log.locator(".day")).to_have_text(re.compile(day, re.I))


def test_two_tabs_that_send_at_once_send_everything_once_and_in_order(
    new_context: NewContext, host: HostSite, operator: Operator
) -> None:
    context = new_context()
    url = host.with_widget(operator.widget_key)
    tabs = [Chat(context.new_page()), Chat(context.new_page())]
    tabs[0].visit(url).open().begin("start")
    tabs[1].visit(url).open()
    tabs[1].frame.get_by_role("button", name="start").click()
    context.set_offline(True)
    for number in range(3):
        for name, tab in zip("ab", tabs, strict=True):
            tab.write(f"{name}{number}")
    context.set_offline(False)
    for tab in tabs:
        expect(tab.frame.locator(".unsent")).to_have_count(0)
        expect(tab.bubbles).to_have_count(7)
    [conversation] = operator.conversations()
    texts = [message["text"] for message in operator.messages(conversation["id"])]
    assert sorted(texts) == ["a0", "a1", "a2", "b0", "b1", "b2", "start"]
    assert [text for text in texts if text[0] == "a"] == ["a0", "a1", "a2"]
    assert [text for text in texts if text[0] == "b"] == ["b0", "b1", "b2"]


def test_a_page_left_while_the_first_message_is_on_its_way_sends_it_once(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/v1/widget/conversations", lose_the_answer)
    chat.frame.get_by_role("button", name="Send us a message").click()
    with page.expect_event("requestfailed"):
        chat.write("on its way")
    page.unroute("**/v1/widget/conversations")
    with page.expect_response("**/v1/widget/conversations"):
        page.goto(host.with_widget(operator.widget_key, path="/next"))
    chat.open()
    chat.frame.get_by_role("button", name="on its way").click()
    expect(chat.frame.locator(".unsent")).to_have_count(0)
    [conversation] = operator.conversations()
    assert [m["text"] for m in operator.messages(conversation["id"])] == ["on its way"]


def test_an_unsent_new_conversation_is_on_the_home_screen(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    page.context.set_offline(True)
    chat.frame.get_by_role("button", name="Send us a message").click()
    chat.write("into the dark")
    chat.back()
    chat.frame.get_by_role("button", name="into the dark").click()
    expect(chat.mark("Waiting to be sent")).to_be_visible()
    page.context.set_offline(False)
    expect(chat.mark("Delivered", "Sent")).to_be_visible()


def test_what_is_answered_after_a_shutdown_is_not_remembered(
    page: Page, host: HostSite, operator: Operator
) -> None:
    held: list[Route] = []
    page.route("**/v1/widget/session", lambda route: held.append(route))
    with page.expect_request("**/v1/widget/session"):
        page.goto(host.with_widget(operator.widget_key))
    page.evaluate("Foyer('shutdown')")
    with page.expect_response("**/v1/widget/session") as told:
        held[0].continue_()
    told.value.finished()
    page.unroute("**/v1/widget/session")
    expect(page.locator("foyer-widget")).to_have_count(0)
    assert "vis_" not in page.evaluate("JSON.stringify(localStorage)")


def test_the_tag_twice_and_a_boot_more_are_one_widget(
    page: Page, host: HostSite, operator: Operator
) -> None:
    sessions: list[str] = []
    page.on(
        "request",
        lambda request: sessions.append(request.url) if request.url.endswith("/session") else None,
    )
    key = operator.widget_key
    tag = f'<script async src="{operator.url}/widget/loader.js" data-key="{key}"></script>'
    chat = Chat(page).visit(host.with_widget(key, head=tag))
    page.evaluate(f"Foyer('boot', {{ key: '{key}' }})")
    page.wait_for_load_state("networkidle")
    expect(chat.launcher).to_have_count(1)
    assert len(sessions) == 1


def test_what_is_on_its_way_when_another_logs_in_stays_the_firsts(
    page: Page, host: HostSite, operator: Operator
) -> None:
    boot = f"Foyer('boot', {{ key: '{operator.widget_key}', identity: {{ external_id: 'ann' }} }});"
    chat = Chat(page).visit(host.without_key(boot)).open()
    chat.begin("Ann's question")
    held: list[Route] = []
    page.route("**/messages", lambda route: held.append(route))
    chat.write("Ann's second")
    expect(chat.mark("Sending")).to_be_visible()
    with page.expect_response("**/v1/widget/session"):
        page.evaluate("Foyer('update', { identity: { external_id: 'bob' } })")
    new = chat.frame.get_by_role("button", name="Send us a message")
    expect(new).to_be_visible()
    expect(chat.frame.get_by_text("Ann's")).to_have_count(0)
    page.unroute("**/messages")
    chat.begin("Bob's question")
    expect(chat.bubbles).to_have_text(["Bob's question"])
    chat.back()
    expect(chat.frame.get_by_text("Ann's")).to_have_count(0)
    bob = next(c for c in operator.conversations() if c["last_message"]["text"] == "Bob's question")
    assert [m["text"] for m in operator.messages(bob["id"])] == ["Bob's question"]


def test_a_button_that_the_page_adds_later_opens_the_chat(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(
        host.with_widget(operator.widget_key, attributes='data-open-selector=".chat"')
    )
    page.evaluate(
        """() => document.querySelector("main").append(
             Object.assign(document.createElement("button"), { className: "chat",
               innerHTML: "<b>Write to us</b>" }))"""
    )
    page.get_by_text("Write to us").click()
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()


def test_a_page_that_comes_back_from_the_browsers_cache_hears_again(
    browser: Browser, host: HostSite, operator: Operator
) -> None:
    operator.configure(presence=True)
    caching = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=SWITCHES,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    with caching:
        page = caching.new_page()
        chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
        chat.begin("hello")
        page.evaluate("addEventListener('pageshow', (e) => { window.restored = e.persisted; })")
        page.goto(host.with_widget(operator.widget_key, path="/next"))
        conversation = operator.conversations()[0]["id"]
        operator.reply(conversation, "while you were away")
        page.go_back(wait_until="commit")
        page.wait_for_function("() => window.restored")
        # Playwright doesn't find frames that come back with their page: read marks tell of them.
        assert until(lambda: operator.conversations()[0]["customer_read_seq"] == 2)
        operator.reply(conversation, "welcome back")
        assert until(lambda: operator.conversations()[0]["customer_read_seq"] == 3)


def test_replies_come_over_http_where_sockets_are_refused(
    page: Page, host: HostSite, operator: Operator
) -> None:
    page.add_init_script(_SOCKETS_REFUSED)
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("can you hear me?")
    operator.reply(operator.conversations()[0]["id"], "over HTTP")
    expect(chat.bubbles).to_have_text(["can you hear me?", "over HTTP"], timeout=20_000)
    expect(chat.banner).to_be_hidden()

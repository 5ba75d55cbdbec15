"""Writing and reading in the widget."""

from __future__ import annotations

import json
import re

from playwright.sync_api import BrowserContext, Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.conftest import NewContext
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat
from tests.local.serving import until

_SLOW = 20_000


def test_what_is_written_while_offline_is_kept_through_a_reload_and_sent_once(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    chat.begin("before")
    page.context.set_offline(True)
    expect(chat.banner).to_contain_text("offline")
    chat.write("while offline")
    chat.write("and again")
    expect(chat.mark("Waiting to be sent")).to_be_visible()
    [conversation] = operator.conversations()
    assert [m["text"] for m in operator.messages(conversation["id"])] == ["before"]
    page.context.set_offline(False)
    page.reload()
    chat.open()
    chat.frame.get_by_role("button", name=re.compile("before|while|again")).click()
    expect(chat.frame.locator(".unsent")).to_have_count(0, timeout=_SLOW)
    texts = [m["text"] for m in operator.messages(conversation["id"])]
    assert texts == ["before", "while offline", "and again"]


def test_a_lost_connection_comes_back_and_shows_what_was_missed(
    host: HostSite, new_context: NewContext
) -> None:
    with LocalFoyer() as machine, HostSite(machine.url) as site:
        mortal = Operator.signed_up(machine.url)
        page = new_context().new_page()
        chat = Chat(page).visit(site.with_widget(mortal.widget_key)).open()
        chat.begin("hello")
        conversation = mortal.conversations()[0]["id"]
        page.route("**/v1/socket-tickets", lambda route: route.abort())
        machine.kill9()
        expect(chat.banner).to_contain_text("Reconnecting", timeout=_SLOW)
        chat.write("into the dark")
        machine.restart()
        mortal.reply(conversation, "missed")
        page.unroute("**/v1/socket-tickets")
        expect(chat.log).to_contain_text("missed", timeout=40_000)
        expect(chat.log).to_contain_text("into the dark")
        expect(chat.frame.locator(".unsent")).to_have_count(0, timeout=40_000)
        expect(chat.banner).to_be_hidden(timeout=_SLOW)
        expect(chat.bubbles).to_have_count(3)


def test_a_visitor_has_several_conversations_with_their_own_unread_counts(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("about bowls")
    chat.back()
    chat.begin("about plates")
    chat.back()
    first = next(c for c in operator.conversations() if c["last_message"]["text"] == "about bowls")
    operator.reply(first["id"], "bowls are fine")
    operator.reply(first["id"], "all of them")
    chat.frame.get_by_role("button", name="All conversations").click()
    rows = chat.frame.get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("all of them")
    expect(rows.first).to_contain_text("2 unread")
    rows.first.get_by_role("button").click()
    expect(chat.bubbles).to_have_text(["about bowls", "bowls are fine", "all of them"])
    expect(chat.badge).to_be_hidden()
    chat.back()
    chat.frame.get_by_role("button", name="All conversations").click()
    expect(rows.first).not_to_contain_text("unread")


def test_a_message_that_comes_while_the_chat_is_closed_raises_the_badge_and_a_preview(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(presence=True)
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    chat.begin("anybody?")
    conversation = operator.conversations()[0]["id"]
    told: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda each: told.append(each)))
    chat.visit(url)
    until(lambda: page.evaluate("true") and told)  # it is open: it tells where the visitor is
    operator.reply(conversation, "I'm here")
    expect(chat.badge).to_have_text("1")
    expect(chat.launcher).to_have_accessible_name("Open chat (1 unread)")
    expect(chat.preview).to_contain_text("I'm here")
    chat.preview.get_by_role("button").first.click()
    expect(chat.preview).to_be_hidden()
    chat.frame.get_by_role("button", name="I'm here").click()
    expect(chat.badge).to_be_hidden()
    expect(chat.launcher).to_have_accessible_name("Close chat")


def test_marks_say_when_the_team_has_read_a_message(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("read me")
    conversation = operator.conversations()[0]["id"]
    operator.post(f"/v1/conversations/{conversation}/read", {"seq": 1})
    expect(chat.mark("Read")).to_be_visible()
    expect(chat.mark("Read").locator("path")).to_have_attribute("d", re.compile("."))


def test_each_side_sees_the_other_typing_until_the_message_is_there(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("hello")
    conversation = operator.conversations()[0]["id"]
    with operator.socket() as socket:
        topic = f"conversation/{conversation}"
        socket.send(json.dumps({"action": "subscribe", "topic": topic}))
        socket.send(json.dumps({"action": "typing", "conversation_id": conversation}))
        expect(chat.log).to_contain_text("Ana Torres is typing")
        operator.reply(conversation, "here it is")
        expect(chat.log).to_contain_text("here it is")
        expect(chat.log).not_to_contain_text("is typing")
        chat.composer.press_sequentially("thanks")
        heard = ""
        while heard != "typing":
            heard = json.loads(socket.recv(timeout=10))["type"]


def test_what_waits_is_sent_from_the_next_page_without_opening_the_chat(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("before")
    page.context.set_offline(True)
    chat.write("left behind")
    expect(chat.mark("Waiting to be sent")).to_be_visible()
    with page.expect_response("**/messages"):
        page.context.set_offline(False)
        page.goto(host.with_widget(operator.widget_key, path="/next"))
    expect(page.locator("foyer-widget #panel")).to_be_hidden()
    conversation = operator.conversations()[0]["id"]
    assert [m["text"] for m in operator.messages(conversation)] == ["before", "left behind"]


def test_an_operator_sees_that_their_reply_was_read_only_when_it_was_before_the_visitors_eyes(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(presence=True)
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("hello")
    chat.back()
    conversation = operator.conversations()[0]["id"]
    operator.reply(conversation, "not yet seen")
    row = chat.frame.get_by_role("button", name="not yet seen")
    expect(row).to_be_visible()
    assert operator.conversations()[0]["customer_read_seq"] < 2
    with page.expect_response("**/read"):
        row.click()
    assert operator.conversations()[0]["customer_read_seq"] == 2


def test_history_is_fetched_upwards_and_the_reader_stays_where_they_were(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    chat.begin("start")
    conversation = operator.conversations()[0]["id"]
    for number in range(2, 72):
        operator.reply(conversation, f"line {number}")
    chat.visit(url).open()
    chat.frame.get_by_role("button", name="line 71").click()
    expect(chat.bubbles).to_have_count(30)
    expect(chat.bubbles.last).to_be_in_viewport()
    chat.log.evaluate("(log) => { log.scrollTop = 0; }")
    expect(chat.bubbles).to_have_count(60)
    expect(chat.frame.get_by_text("line 42", exact=True)).to_be_in_viewport()
    operator.reply(conversation, "newest")
    chat.frame.get_by_role("button", name="New messages").click()
    expect(chat.frame.get_by_text("newest", exact=True)).to_be_in_viewport()


def test_writing_draws_no_message_anew(page: Page, host: HostSite, operator: Operator) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("first")
    page.context.set_offline(True)  # no frame changes what is drawn meanwhile
    expect(chat.banner).to_be_visible()
    chat.frame.locator("html").evaluate(
        """() => {
          window.drawn = 0;
          const format = Date.prototype.toLocaleTimeString;
          Date.prototype.toLocaleTimeString = function (...options) {
            window.drawn += 1;
            return format.apply(this, options);
          };
        }"""
    )
    chat.composer.press_sequentially("by hand")
    assert chat.frame.locator("html").evaluate("window.drawn") == 0
    chat.composer.press("Enter")
    expect(chat.bubbles).to_have_text(["first", "by hand"])
    assert chat.frame.locator("html").evaluate("window.drawn") > 0


def test_a_message_that_the_server_refuses_says_why_and_can_be_discarded(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("first")
    page.route(
        "**/messages",
        lambda route: route.fulfill(
            status=422,
            content_type="application/problem+json",
            body='{"code": "values.bad", "detail": "Not this one.", "status": 422}',
        ),
    )
    chat.write("second")
    failed = chat.frame.locator(".failed")
    expect(failed).to_contain_text("Not sent: Not this one.")
    page.unroute("**/messages")
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_have_count(0)
    expect(chat.bubbles).to_have_text(["first", "second"])


def test_two_tabs_are_one_visitor_with_the_same_conversations(
    new_context: NewContext, host: HostSite, operator: Operator
) -> None:
    context: BrowserContext = new_context()
    url = host.with_widget(operator.widget_key)
    one, two = Chat(context.new_page()), Chat(context.new_page())
    one.page.goto(url)
    two.visit(url)
    one.visit(url)
    assert one.secret() == two.secret()
    one.open()
    one.begin("from the first tab")
    two.open()
    two.frame.get_by_role("button", name="from the first tab").click()
    two.write("from the second")
    expect(one.bubbles).to_have_text(["from the first tab", "from the second"])
    assert len(operator.conversations()) == 1


def test_markup_in_a_message_is_shown_as_text_and_only_safe_links_are_links(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("<img src=x onerror=alert(1)> [bad](javascript:alert(1)) https://example.com/a.")
    bubble = chat.bubbles.first
    expect(bubble).to_contain_text("<img src=x onerror=alert(1)> [bad](javascript:alert(1))")
    link = bubble.get_by_role("link")
    expect(link).to_have_attribute("href", "https://example.com/a")
    expect(link).to_have_attribute("rel", re.compile("noopener"))

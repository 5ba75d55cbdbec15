"""`window.Foyer`: what a host's page can ask of the widget."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

_EVENTS = """
  window.heard = [];
  window.Foyer = window.Foyer || function () { (Foyer.q = Foyer.q || []).push(arguments); };
  for (const name of ["ready", "open", "close", "unread", "message", "error"]) {
    Foyer("on", name, (detail) => window.heard.push([name, detail]));
  }
"""


def test_calls_made_before_the_script_arrived_are_carried_out(
    page: Page, host: HostSite, operator: Operator
) -> None:
    script = f"Foyer('boot', {{ key: '{operator.widget_key}' }}); Foyer('showNewMessage', 'Hi 👋');"
    page.goto(host.without_key(script))
    chat = Chat(page)
    expect(chat.composer).to_have_value("Hi 👋")
    expect(chat.composer).to_be_focused()
    page.evaluate("Foyer('toggle')")
    expect(page.locator("foyer-widget #panel")).to_be_hidden()


def test_the_page_hears_what_happens(page: Page, host: HostSite, operator: Operator) -> None:
    url = host.with_widget(operator.widget_key, script=_EVENTS)
    chat = Chat(page).visit(url).open()
    chat.begin("hello")
    chat.back()
    operator.reply(operator.conversations()[0]["id"], "hi")
    expect(chat.badge).to_have_text("1")
    page.evaluate("Foyer('close')")
    heard = page.evaluate("window.heard")
    names = [name for name, _ in heard]
    assert sorted(set(names)) == ["close", "message", "open", "ready", "unread"]
    assert next(d for n, d in heard if n == "ready")["visitor_id"].startswith("vis_")
    assert [d["count"] for n, d in heard if n == "unread"] == [0, 1]
    assert next(d for n, d in heard if n == "message")["text"] == "hi"


def test_a_button_of_the_page_opens_the_chat_and_gets_the_focus_back(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(
        operator.widget_key, attributes='data-open-selector="#help" data-launcher-hidden'
    )
    chat = Chat(page).visit(url)
    expect(chat.launcher).to_be_hidden()
    page.get_by_role("button", name="Talk to us").click()
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("foyer-widget #panel")).to_be_hidden()
    expect(page.get_by_role("button", name="Talk to us")).to_be_focused()


def test_the_workspace_can_hide_the_launcher_and_choose_its_side_and_colour(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(colour="#aa0055", position="left")
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url)
    expect(chat.launcher).to_have_css("background-color", "rgb(170, 0, 85)")
    box = chat.launcher.bounding_box()
    assert box is not None
    assert box["x"] == 20
    operator.configure(launcher_hidden=True)
    chat.visit(url)
    page.wait_for_load_state("networkidle")
    expect(chat.launcher).to_be_hidden()
    page.evaluate("Foyer('open')")
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()


def test_the_remembered_look_is_drawn_before_the_session_answers(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(colour="#aa0055")
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url)
    expect(chat.launcher).to_have_css("background-color", "rgb(170, 0, 85)")
    page.route("**/v1/**", lambda route: route.abort())
    page.goto(url)
    expect(chat.launcher).to_have_css("background-color", "rgb(170, 0, 85)")


def test_shutdown_leaves_nothing_of_the_visitor_behind(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    chat.begin("secret of the first")
    before = chat.secret()
    page.context.set_offline(True)
    chat.write("not yet sent")
    expect(chat.mark("Waiting")).to_be_visible()
    page.evaluate("Foyer('shutdown')")
    expect(page.locator("foyer-widget")).to_have_count(0)
    assert before not in page.evaluate("JSON.stringify(localStorage)")
    page.context.set_offline(False)
    page.evaluate(f"Foyer('boot', {{ key: '{operator.widget_key}' }})")
    chat.open()
    expect(chat.frame.get_by_text("Recent message")).to_have_count(0)
    page.wait_for_function("() => Object.values(localStorage).join().includes('secret')")
    assert chat.secret() != before
    [conversation] = operator.conversations()
    assert conversation["last_message"]["text"] == "secret of the first"


def test_another_identity_starts_from_nothing_and_the_same_one_stays(
    page: Page, host: HostSite, operator: Operator
) -> None:
    def boots(identity: str) -> str:
        return host.without_key(
            f"Foyer('boot', {{ key: '{operator.widget_key}', identity: {identity} }});"
        )

    ann, bob = "{ external_id: 'ann', name: 'Ann Lee' }", "{ external_id: 'bob' }"
    chat = Chat(page).visit(boots(ann)).open()
    chat.begin("Ann's question")
    anns = chat.secret()
    chat.visit(boots(ann))
    page.wait_for_load_state("networkidle")
    assert chat.secret() == anns
    chat.open()
    expect(chat.frame.get_by_role("button", name="Ann's question")).to_be_visible()
    with page.expect_response("**/v1/widget/session"):
        page.evaluate(f"Foyer('update', {{ identity: {bob} }})")
    expect(chat.frame.get_by_text("Recent message")).to_have_count(0)
    assert chat.secret() != anns


def test_presence_follows_a_single_page_application_and_ends_with_the_tab(
    new_context: NewContext, host: HostSite, operator: Operator
) -> None:
    operator.configure(presence=True)
    page = new_context().new_page()
    url = host.with_widget(operator.widget_key)
    with page.expect_websocket() as opened:
        Chat(page).visit(url)
    said: list[str] = []
    opened.value.on("framesent", lambda data: said.append(str(data)))
    page.evaluate("history.pushState({}, '', '/cups'); document.title = 'Cups'")
    page.wait_for_timeout(2500)
    assert [frame for frame in said if "/cups" in frame and "Cups" in frame]
    rows = [(row["page"]["title"], row["state"]) for row in operator.visitors()]
    assert rows == [("Cups", "active")]
    Chat(page).open()
    sockets: list[object] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.wait_for_timeout(500)
    assert sockets == []
    page.close()
    _eventually_nobody(operator)


def test_without_presence_no_socket_is_opened_until_the_chat_is(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(presence=False)
    sockets: list[object] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    chat = Chat(page).visit(host.with_widget(operator.widget_key))
    page.wait_for_load_state("networkidle")
    assert sockets == []
    with page.expect_websocket(lambda socket: bool(re.search("ticket=", socket.url))):
        chat.open()


def test_an_unknown_key_says_so_and_breaks_nothing(page: Page, host: HostSite) -> None:
    failures: list[object] = []
    page.on("pageerror", lambda failure: failures.append(failure))
    page.goto(host.with_widget("wk_nobody", script=_EVENTS))
    page.wait_for_function("() => window.heard.some(([name]) => name === 'error')")
    page.evaluate("Foyer('open')")
    expect(Chat(page).banner).to_contain_text("isn't available")
    assert failures == []


def _eventually_nobody(operator: Operator, tries: int = 100) -> None:
    for _ in range(tries):
        if not operator.visitors():
            return
    raise AssertionError(operator.visitors())

"""The widget for everybody: axe, keyboard, languages, zoom, motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import NewContext
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat, axe_violations

_BEGIN = "**/v1/widget/conversations"
_HAS_FOCUS = "(element) => element === document.activeElement"


@pytest.mark.parametrize("colour", ["#2b50d6", "#ffd400", "#0e7c66"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(
    new_context: NewContext, host: HostSite, operator: Operator, scheme: str, colour: str
) -> None:
    operator.configure(colour=colour)
    page = new_context(color_scheme=scheme).new_page()
    chat = Chat(page).visit(host.with_widget(operator.widget_key))
    assert axe_violations(page) == []
    chat.open()
    assert axe_violations(page) == []
    chat.begin("one **bold** https://example.com")
    operator.reply(operator.conversations()[0]["id"], "- a list\n- of `code` https://example.com")
    expect(chat.bubbles).to_have_count(2)
    page.context.set_offline(True)
    chat.write("waiting")
    expect(chat.banner).to_be_visible()
    assert axe_violations(page) == []
    page.context.set_offline(False)
    expect(chat.frame.locator(".unsent")).to_have_count(0)
    chat.frame.get_by_role("button", name="Emoji").click()
    chat.frame.get_by_role("toolbar", name="Emoji").wait_for()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    chat.back()
    chat.begin("two")
    chat.back()
    chat.frame.get_by_role("button", name="All conversations").click()
    assert axe_violations(page) == []


def test_text_on_any_accent_has_at_least_4_5_to_1(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    faint = chat.frame.locator(".hero").evaluate(
        """(hero) => {
          const pen = document.createElement("canvas").getContext("2d");
          const luminance = (colour) => {
            pen.fillStyle = colour;
            pen.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((byte) =>
              byte <= 10 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const faint = [];
          for (let colour = 0; colour < 0x1000000; colour += 65_521) {
            const accent = `#${colour.toString(16).padStart(6, "0")}`;
            document.documentElement.style.setProperty("--accent", accent);
            const [low, high] = [accent, getComputedStyle(hero).color]
              .map(luminance).sort((one, other) => one - other);
            const contrast = (high + 0.05) / (low + 0.05);
            if (contrast < 4.5) faint.push([accent, contrast]);
          }
          return faint;
        }"""
    )
    assert faint == []


def test_everything_can_be_done_by_keyboard_and_the_focus_comes_back(
    page: Page, host: HostSite, operator: Operator
) -> None:
    operator.configure(launcher_hidden=False)
    chat = Chat(page).visit(host.with_widget(operator.widget_key))
    press = page.keyboard.press
    chat.launcher.focus()
    press("Enter")
    start = chat.frame.get_by_role("button", name="Send us a message")
    expect(start).to_be_visible()
    for _ in range(4):
        if start.evaluate(_HAS_FOCUS):
            break
        press("Tab")
    expect(start).to_be_focused()
    press("Enter")
    expect(chat.composer).to_be_focused()
    page.keyboard.type("by keyboard")
    press("Shift+Enter")
    page.keyboard.type("alone")
    press("Enter")
    expect(chat.bubbles).to_have_text(["by keyboard\nalone"])
    press("Tab")
    expect(chat.frame.get_by_role("button", name="Emoji")).to_be_focused()
    press("Enter")
    expect(chat.frame.get_by_role("button", name="😀")).to_be_focused()
    press("ArrowRight")
    press("ArrowDown")
    press("Enter")
    expect(chat.composer).to_be_focused()
    expect(chat.composer).not_to_have_value("")
    press("Shift+Tab")
    for _ in range(6):
        press("Shift+Tab")
        if chat.frame.get_by_role("button", name="Back").evaluate(_HAS_FOCUS):
            break
    press("Enter")
    expect(chat.frame.get_by_role("main")).to_be_focused()
    press("Escape")
    expect(page.locator("foyer-widget #panel")).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_a_composition_is_not_sent_by_the_enter_that_ends_it(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("first")
    chat.composer.fill("にほん")
    chat.composer.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    # Safari tells of the key after the composition.
    chat.composer.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    expect(chat.composer).to_have_value("にほん")
    chat.composer.dispatch_event("keydown", {"key": "Escape", "isComposing": True, "bubbles": True})
    chat.composer.dispatch_event("keydown", {"key": "Escape", "keyCode": 229, "bubbles": True})
    expect(page.locator("foyer-widget #panel")).to_be_visible()
    chat.composer.press("Enter")
    expect(chat.bubbles).to_have_text(["first", "にほん"])


def _wait_until_nothing_is_kept_to_be_sent(page: Page) -> None:
    """What is loaded anew before that sends it once more, and what it sends is new to read."""
    (frame,) = [each for each in page.frames if "/widget/frame.html" in each.url]
    frame.wait_for_function(
        """async () => {
          for (const { name } of await indexedDB.databases()) {
            const open = indexedDB.open(name);
            await new Promise((done) => (open.onsuccess = done));
            const kept = open.result;
            const stores = [...kept.objectStoreNames];
            for (const store of stores) {
              const count = kept.transaction(store).objectStore(store).count();
              await new Promise((done) => (count.onsuccess = done));
              if (count.result) { kept.close(); return false; }
            }
            kept.close();
          }
          return true;
        }"""
    )


def test_new_messages_are_announced_and_history_is_not(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    chat.begin("old")
    _wait_until_nothing_is_kept_to_be_sent(page)
    chat.visit(url).open()
    chat.frame.get_by_role("button", name="old").click()
    expect(chat.bubbles).to_have_text(["old"])
    operator.reply(operator.conversations()[0]["id"], "new")
    expect(chat.bubbles).to_have_text(["old", "new"])
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.log.locator("[aria-live=off] .bubble")).to_have_text(["old"])


def test_what_is_sent_once_more_after_a_reload_is_history_with_what_was_answered(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    page.route(_BEGIN, _do_and_lose_the_answer)
    chat.frame.get_by_role("button", name="Send us a message").click()
    with page.expect_event("requestfailed"):
        chat.write("old")
    page.unroute(_BEGIN)
    conversation = operator.conversations()[0]["id"]
    operator.reply(conversation, "answered")
    with page.expect_response(lambda told: told.url.endswith(_BEGIN[2:]) and told.status == 201):
        chat.visit(url).open()
    chat.frame.get_by_role("button", name="answered").click()
    expect(chat.bubbles).to_have_text(["old", "answered"])
    operator.reply(conversation, "new")
    expect(chat.bubbles).to_have_text(["old", "answered", "new"])
    expect(chat.log.locator("[aria-live=off] .bubble")).to_have_text(["old", "answered"])


def _do_and_lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def test_a_long_message_is_counted_down_and_not_sent_when_it_is_too_long(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("short")
    chat.composer.fill("x" * 9_990)
    expect(chat.frame.get_by_text("10 characters left")).to_be_visible()
    chat.composer.fill("x" * 10_001)
    expect(chat.frame.get_by_text("1 characters too many")).to_be_visible()
    chat.composer.press("Enter")
    expect(chat.frame.get_by_role("button", name="Send")).to_be_disabled()
    expect(chat.bubbles).to_have_count(1)


@pytest.mark.parametrize(
    ("locale", "direction", "opens", "starts"),
    [
        ("de-AT", "ltr", "Chat öffnen", "Nachricht schreiben"),
        ("ar-EG", "rtl", "فتح الدردشة", "أرسل لنا رسالة"),
        ("ja-JP", "ltr", "チャットを開く", "メッセージを送る"),
        ("tlh", "ltr", "Open chat", "Send us a message"),
    ],
)
def test_it_speaks_the_visitors_language(
    new_context: NewContext,
    host: HostSite,
    operator: Operator,
    locale: str,
    direction: str,
    opens: str,
    starts: str,
) -> None:
    chat = Chat(new_context(locale=locale).new_page()).visit(host.with_widget(operator.widget_key))
    expect(chat.launcher).to_have_accessible_name(opens)
    chat.launcher.click()
    expect(chat.frame.locator(".new b")).to_have_text(starts)
    expect(chat.frame.locator("html")).to_have_attribute("dir", direction)


@pytest.mark.parametrize("size", [(320, 568), (640, 360)])
def test_nothing_is_cut_off_on_320_px_and_at_200_percent(
    new_context: NewContext, host: HostSite, operator: Operator, size: tuple[int, int]
) -> None:
    page = new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("W" * 300)
    expect(chat.composer).to_be_in_viewport()
    wide = chat.frame.locator("html").evaluate("(html) => html.scrollWidth > innerWidth")
    assert not wide
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_moves_for_those_who_asked_for_that(
    new_context: NewContext, host: HostSite, operator: Operator
) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    moving = "(element) => element.getAnimations({ subtree: true }).length"
    assert page.locator("foyer-widget #panel").evaluate(moving) == 0
    assert chat.frame.locator("body").evaluate(moving) == 0

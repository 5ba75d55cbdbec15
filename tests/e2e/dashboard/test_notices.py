"""Being told of a customer's message: by whom, when, how often, and when not."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.people import Customer, Person, until

# Notes what the browser is asked for; whether it may be asked is still the browser's own answer.
_RECORDER = """
window.told = []; window.played = 0;
const Real = window.Notification;
window.Notification = class {
  static get permission() { return Real.permission; }
  static requestPermission() { return Real.requestPermission(); }
  constructor(title, options) { told.push({ title, body: options.body, notice: this }); }
  close() {}
};
const Audio = window.AudioContext;
window.AudioContext = class extends Audio {
  createOscillator() { window.played += 0.5; return super.createOscillator(); }
};
"""


@pytest.fixture
def browser_of_ada(new_context: NewContext) -> BrowserContext:
    """Allowed to notify, wants to be, and notes what it is asked for."""
    context = new_context(viewport={"width": 1440, "height": 900}, permissions=["notifications"])
    context.add_init_script(_RECORDER)
    context.add_init_script("localStorage.setItem('foyer.pref.notifications', 'true')")
    return context


@pytest.fixture
def anna(owner: Person) -> Customer:
    """Has written already."""
    return owner.customer("Anna").write("Hello?")


@pytest.fixture
def bruno(owner: Person) -> Customer:
    """Has written too."""
    return owner.customer("Bruno").write("Good morning")


def test_a_message_to_a_hidden_tab_is_told_with_name_and_excerpt_and_heard(
    owner: Person, browser_of_ada: BrowserContext, anna: Customer
) -> None:
    tab = _at(owner, browser_of_ada, anna)
    _hide(browser_of_ada, tab)
    anna.write("Is **anybody** there? " + "I can wait. " * 20)
    assert until(lambda: _notices(tab))
    (notice,) = _notices(tab)
    assert notice["title"] == "New message from Anna"
    assert notice["body"].startswith("Is anybody there? I can wait.")
    assert len(notice["body"]) == 120
    assert until(lambda: _sounds(tab)) == 1


def test_a_message_in_another_conversation_is_told_and_a_click_opens_it(
    owner: Person, browser_of_ada: BrowserContext, anna: Customer, bruno: Customer
) -> None:
    tab = _at(owner, browser_of_ada, bruno)
    anna.write("Still there?")
    assert until(lambda: _notices(tab))
    tab.evaluate("told[0].notice.onclick()")
    expect(tab.locator(".thread-title h2")).to_have_text("Anna")
    expect(tab.get_by_role("log")).to_contain_text("Still there?")


def test_nothing_is_told_of_ones_own_words_nor_of_what_is_before_ones_eyes(
    owner: Person, browser_of_ada: BrowserContext, anna: Customer, bruno: Customer
) -> None:
    tab = _at(owner, browser_of_ada, anna)
    tab.get_by_placeholder("Write a reply…").fill("Yes, here")
    tab.keyboard.press("Enter")
    anna.write("Wonderful")
    expect(tab.get_by_role("log")).to_contain_text("Wonderful")
    # Written on another device, to somebody who isn't on this screen.
    answer = {"text": "Good morning to you", "client_id": "0" * 26}
    owner.ask("POST", f"/v1/conversations/{bruno.conversation}/messages", answer)
    expect(tab.locator(".row", has_text="Bruno")).to_contain_text("Good morning to you")
    # What comes last is told, so everything before it would have been by now.
    bruno.write("And me?")
    assert until(lambda: _notices(tab))
    assert [notice["title"] for notice in _notices(tab)] == ["New message from Bruno"]
    assert until(lambda: _sounds(tab)) == 1


def test_of_two_hidden_tabs_one_tells(
    owner: Person, browser_of_ada: BrowserContext, anna: Customer, bruno: Customer
) -> None:
    tabs = [_at(owner, browser_of_ada, one) for one in (anna, bruno)]
    for tab in tabs:
        _hide(browser_of_ada, tab)
    for text in ("One", "Two", "Three"):
        anna.write(text)
    assert until(lambda: sum(len(_notices(tab)) for tab in tabs) == 3)
    for tab in tabs:
        expect(tab.locator(".row", has_text="Anna")).to_contain_text("Three")
    bodies = [notice["body"] for tab in tabs for notice in _notices(tab)]
    assert sorted(bodies) == ["One", "Three", "Two"]
    assert sum(_sounds(tab) for tab in tabs) == 3


def test_a_hidden_tab_is_quiet_while_another_shows_the_conversation(
    owner: Person, browser_of_ada: BrowserContext, anna: Customer, bruno: Customer
) -> None:
    hidden = _at(owner, browser_of_ada, bruno)
    watched = _at(owner, browser_of_ada, anna)
    _hide(browser_of_ada, hidden)
    watched.bring_to_front()
    anna.write("Seen at once")
    expect(watched.get_by_role("log")).to_contain_text("Seen at once")
    bruno.write("Not seen")
    assert until(lambda: _notices(hidden) + _notices(watched))
    titles = [one["title"] for one in _notices(hidden) + _notices(watched)]
    assert titles == ["New message from Bruno"]


def test_who_wants_no_sound_hears_none_and_who_wants_no_notification_gets_none(
    owner: Person, browser_of_ada: BrowserContext, anna: Customer, bruno: Customer
) -> None:
    tab = _at(owner, browser_of_ada, bruno)
    _prefer(tab, sound=False, notifications=True)
    anna.write("One")
    assert until(lambda: _notices(tab))
    _prefer(tab, sound=True, notifications=False)
    anna.write("Two")
    assert until(lambda: _sounds(tab)) == 1
    assert [notice["body"] for notice in _notices(tab)] == ["One"]


def test_where_the_browser_forbids_notifications_the_sound_remains(
    owner: Person, browser_of_ada: BrowserContext, anna: Customer, bruno: Customer
) -> None:
    browser_of_ada.clear_permissions()
    tab = _at(owner, browser_of_ada, bruno)
    anna.write("One")
    assert until(lambda: _sounds(tab)) == 1
    assert _notices(tab) == []


def _at(owner: Person, context: BrowserContext, customer: Customer) -> Page:
    """A tab at a customer's conversation, whose user has done something, as browsers ask for."""
    told: list[str | bytes] = []
    tab = context.new_page()
    tab.on("websocket", lambda socket: socket.on("framereceived", lambda each: told.append(each)))
    owner.sit_down(tab, f"/conversations/{customer.conversation}")
    expect(tab.locator(".thread-title h2")).to_have_text(customer.name)
    expect(tab.locator(".row")).not_to_have_count(0)
    tab.locator(".thread-title").click(position={"x": 300, "y": 5})
    # From here on it hears of every message, instead of finding it in what it fetches.
    confirmed = '{"type":"subscribed","topic":"conversations"}'
    assert until(lambda: tab.evaluate("true") and confirmed in told)
    return tab


def _hide(context: BrowserContext, tab: Page) -> None:
    context.new_cdp_session(tab).send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    context.new_page().bring_to_front()
    assert until(lambda: not tab.evaluate("document.hasFocus()"))


def _prefer(tab: Page, *, sound: bool, notifications: bool) -> None:
    tab.evaluate(
        """(wanted) => Object.entries(wanted).forEach(([name, value]) => {
          const key = `foyer.pref.${name}`;
          localStorage.setItem(key, JSON.stringify(value));
          dispatchEvent(new StorageEvent("storage", { key }));
        })""",
        {"sound": sound, "notifications": notifications},
    )


def _notices(tab: Page) -> list[dict[str, Any]]:
    return list(tab.evaluate("told.map(({ title, body }) => ({ title, body }))"))


def _sounds(tab: Page) -> float:
    return float(tab.evaluate("played"))

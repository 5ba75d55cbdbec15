"""Who is on the site, live, and writing to them first."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person
from tests.e2e.host import HostSite
from tests.e2e.widget.chat import Chat


def test_a_visitor_appears_moves_gets_written_to_and_leaves(
    desk: Page, owner: Person, host: HostSite, new_tab: NewTab
) -> None:
    desk.goto(f"{owner.url}/visitors")
    expect(desk.get_by_text("Nobody is on your site right now")).to_be_visible()
    key = owner.ask("GET", "/v1/workspace")["widget_key"]
    tab = new_tab()
    chat = Chat(tab).visit(host.with_widget(key))
    row = desk.locator(".visitor")
    expect(row).to_contain_text("Kiln & Ash")
    expect(desk.get_by_role("status").filter(has_text="1 visitor now")).to_be_visible()
    chat.visit(host.with_widget(key, path="/cart"))
    expect(row).to_contain_text("/cart")

    row.get_by_role("button", name="Write to").click()
    desk.get_by_label("Your message").fill("Can I help you with the bowls?")
    desk.get_by_role("button", name="Send").click()
    expect(desk.get_by_role("log")).to_contain_text("Can I help you with the bowls?")
    expect(chat.badge).to_have_text("1")

    desk.goto(f"{owner.url}/visitors")
    expect(row).to_contain_text("In chat")
    tab.close()
    expect(desk.get_by_text("Nobody is on your site right now")).to_be_visible()

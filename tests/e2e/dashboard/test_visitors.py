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


def test_a_visitor_is_blocked_without_a_question_and_let_in_again_by_undo(
    desk: Page, owner: Person, host: HostSite, new_tab: NewTab
) -> None:
    key = owner.ask("GET", "/v1/workspace")["widget_key"]
    chat = Chat(new_tab()).visit(host.with_widget(key)).open()
    chat.begin("Buy cheap pills")
    desk.goto(f"{owner.url}/visitors")
    row = desk.locator(".visitor")
    row.get_by_role("button", name="More for").click()
    desk.get_by_role("menuitem", name="Block").click()
    expect(row).to_have_count(0)
    chat.write("Still here")
    expect(chat.mark("Not sent")).to_be_visible()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("isn't blocked any more")).to_be_visible()
    chat.visit(host.with_widget(key)).open()
    expect(row).to_have_count(1)


def test_a_contacts_page_blocks_and_says_from_whom_each_field_is(
    desk: Page, owner: Person, host: HostSite, new_tab: NewTab
) -> None:
    key = owner.ask("GET", "/v1/workspace")["widget_key"]
    who = "{ name: 'Ann Lee', email: 'ann@shop.example' }"
    boot = f"Foyer('boot', {{ key: '{key}', identity: {who} }});"
    Chat(new_tab()).visit(host.without_key(boot)).open().begin("Hello")
    (contact,) = owner.ask("GET", "/v1/contacts")["data"]
    desk.goto(f"{owner.url}/contacts/{contact['id']}")
    expect(desk.get_by_text("The page says ann@shop.example")).to_be_visible()
    expect(desk.get_by_text("Not verified", exact=True).nth(1)).to_be_visible()
    desk.get_by_label("Phone", exact=True).fill("+49 30 1234567")
    desk.get_by_label("Phone", exact=True).press("Enter")
    expect(desk.get_by_role("img", name="Entered by your team")).to_have_count(1)
    expect(desk.get_by_role("img", name="Not verified: the page said so")).to_have_count(2)
    expect(desk.get_by_text("By your team")).to_be_visible()
    desk.get_by_role("button", name="Block").click()
    expect(desk.get_by_text("Blocked", exact=True)).to_be_visible()
    desk.locator(".talk").click()
    expect(desk.get_by_text("Blocked: they can't read what you write.")).to_be_visible()
    desk.go_back()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Blocked", exact=True)).to_have_count(0)

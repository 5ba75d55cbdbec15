"""From signing up to the first answered customer, as a new team lives it."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import PASSWORD, Person, link_to, until
from tests.e2e.widget.chat import Chat


def test_a_new_team_signs_up_writes_to_itself_and_answers(
    foyer: LocalFoyer, new_context: NewContext
) -> None:
    context = new_context(viewport={"width": 1440, "height": 900})
    desk = context.new_page()
    _sign_up(desk, foyer.url)
    step = desk.get_by_role("link", name="Write to yourself")
    expect(step).to_have_attribute("href", re.compile("^/test-page.html"))
    with context.expect_page() as opened:
        step.click()
    chat = Chat(opened.value).open()
    chat.begin("Do the bowls go into the oven?")

    row = desk.locator(".row-link")
    expect(row).to_contain_text("Do the bowls go into the oven?")
    expect(desk).to_have_title("(1) Conversations · Foyer")
    desk.bring_to_front()
    row.click()
    expect(desk.get_by_role("log")).to_contain_text("Do the bowls go into the oven?")
    desk.get_by_placeholder("Write a reply…").fill("They do, up to **220 degrees**.")
    desk.keyboard.press("Enter")
    expect(desk.locator(".is-pending")).to_contain_text("Sending in")
    expect(chat.log).to_contain_text("220 degrees")
    expect(desk.locator(".is-pending")).to_have_count(0)
    expect(desk.get_by_role("log").locator("strong")).to_have_text("220 degrees")
    expect(desk).to_have_title("Conversations · Foyer")


def test_somebody_opens_a_second_workspace_and_goes_back(owner: Person, new_tab: NewTab) -> None:
    page = owner.sit_down(new_tab(), "/conversations")
    first = page.locator(".workspace-mark").get_attribute("data-tip")
    assert first
    page.locator(".workspace-mark").click()
    page.get_by_role("menuitem", name="New workspace").click()
    page.get_by_label("Name of the workspace").fill("Second shop")
    page.keyboard.press("Enter")
    expect(page.locator(".workspace-mark")).to_have_attribute("data-tip", "Second shop")
    expect(page.get_by_text("Put the widget on your site")).to_be_visible()

    page.locator(".workspace-mark").click()
    with page.expect_event("load"):
        page.get_by_role("menuitemradio", name=first).click()
    expect(page.locator(".workspace-mark")).to_have_attribute("data-tip", first)


def test_a_reply_can_be_taken_back_while_its_window_is_open(owner: Person, new_tab: NewTab) -> None:
    customer = owner.customer("Anna").write("Hello?")
    page = owner.sit_down(new_tab(), f"/conversations/{customer.conversation}")
    page.evaluate("localStorage.setItem('foyer.pref.undo-send', '10')")
    page.reload()
    page.get_by_placeholder("Write a reply…").fill("Too early")
    page.keyboard.press("Enter")
    page.locator(".is-pending").get_by_role("button", name="Undo").click()
    expect(page.locator(".is-pending")).to_have_count(0)
    expect(page.get_by_placeholder("Write a reply…")).to_have_value("Too early")
    assert customer.hears() == []


def test_closing_the_tab_sends_what_could_still_be_taken_back(
    owner: Person, new_tab: NewTab
) -> None:
    customer = owner.customer("Anna").write("Hello?")
    page = owner.sit_down(new_tab(), f"/conversations/{customer.conversation}")
    page.evaluate("localStorage.setItem('foyer.pref.undo-send', '10')")
    page.reload()
    page.get_by_placeholder("Write a reply…").fill("Good night")
    page.keyboard.press("Enter")
    expect(page.locator(".is-pending")).to_contain_text("Sending in")
    page.goto("about:blank")
    assert until(lambda: customer.hears() == ["Good night"], within=4)
    page.goto(f"{owner.url}/conversations/{customer.conversation}")
    expect(page.get_by_role("log")).to_contain_text("Good night")
    expect(page.locator(".is-pending")).to_have_count(0)
    assert customer.hears() == ["Good night"]


def test_close_snooze_and_reopen_each_can_be_undone(desk: Page, owner: Person) -> None:
    customer = owner.customer("Anna").write("Hello?")

    def status() -> str:
        return owner.status(customer)

    desk.locator(".row-link").click()
    desk.get_by_role("button", name="Close", exact=True).first.click()
    assert until(lambda: status() == "closed")
    expect(desk.locator(".row")).to_have_count(0)
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator(".row")).to_have_count(1)
    assert until(lambda: status() == "open")

    desk.locator(".thread-head").get_by_role("button", name="Snooze").click()
    desk.get_by_role("menuitem", name="Tomorrow").click()
    assert until(lambda: status() == "snoozed")
    expect(desk.locator(".thread-head .badge")).to_contain_text("9:00")
    desk.get_by_role("button", name="Undo").last.click()
    assert until(lambda: status() == "open")

    desk.keyboard.press("e")
    assert until(lambda: status() == "closed")
    desk.locator(".thread-head").get_by_role("button", name="Reopen").click()
    assert until(lambda: status() == "open")
    desk.get_by_role("button", name="Undo").last.click()
    assert until(lambda: status() == "closed")


def test_a_customers_answer_brings_a_snoozed_conversation_back(desk: Page, owner: Person) -> None:
    customer = owner.customer("Anna").write("Hello?")
    desk.locator(".row-link").click()
    desk.keyboard.press("z")
    desk.get_by_role("option", name="Until the next reply").click()
    expect(desk.locator(".row")).to_have_count(0)
    assert until(lambda: owner.status(customer) == "snoozed")
    customer.write("One more thing")
    expect(desk.locator(".row")).to_contain_text("One more thing")
    expect(desk.locator(".thread-head .badge")).to_have_count(0)


def test_an_invited_colleague_joins_by_the_mailed_link(
    desk: Page, owner: Person, new_tab: NewTab
) -> None:
    email = f"{secrets.token_hex(6)}@example.com"
    desk.goto(f"{owner.url}/settings/team")
    desk.get_by_role("button", name="Invite").click()
    expect(desk.get_by_label("E-mail")).to_be_focused()
    desk.keyboard.type(email)
    desk.get_by_role("button", name="Send invitation").click()
    expect(desk.get_by_role("list", name="Members")).to_contain_text(email)

    other = new_tab()
    other.goto(f"{owner.url}/invitations/{link_to(owner.url, email, '/invitations/')}")
    expect(other.get_by_role("heading")).to_have_text("Join Kiln & Ash")
    other.get_by_label("Your name").fill("Bo Larsen")
    other.get_by_label("New password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Join the team").click()
    expect(other.get_by_role("button", name="Workspace Kiln & Ash, switch")).to_be_visible()


def test_a_forgotten_password_is_replaced_by_the_mailed_link(
    owner: Person, new_tab: NewTab
) -> None:
    page = new_tab()
    page.goto(f"{owner.url}/forgot")
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text(owner.email)
    page.goto(f"{owner.url}/reset/{link_to(owner.url, owner.email, '/reset/')}")
    page.get_by_label("New password", exact=True).fill("another long sentence")
    page.get_by_role("button", name="Save the new password").click()
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password", exact=True).fill("another long sentence")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Three steps to your first conversation")).to_be_visible()


def _sign_up(page: Page, url: str) -> None:
    page.goto(f"{url}/signup")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Workspace name").fill("Kiln & Ash")
    page.get_by_label("E-mail").fill(f"{secrets.token_hex(6)}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create your workspace").click()
    expect(page.get_by_text("Three steps to your first conversation")).to_be_visible()

"""Replying: sending and closing at once, taking it back, and what waits while offline."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import PASSWORD, Customer, Person, ask, until


@pytest.fixture
def anna(owner: Person) -> Customer:
    """Has written."""
    return owner.customer("Anna").write("Hello?")


def _at(owner: Person, page: Page, customer: Customer, undo_seconds: int = 0) -> Page:
    owner.sit_down(page, f"/conversations/{customer.conversation}")
    page.evaluate(f"localStorage.setItem('foyer.pref.undo-send', '{undo_seconds}')")
    page.reload()
    expect(page.locator(".thread-title h2")).to_have_text(customer.name)
    return page


def test_one_click_sends_and_closes(owner: Person, new_tab: NewTab, anna: Customer) -> None:
    desk = _at(owner, new_tab(), anna)
    button = desk.get_by_role("button", name="Send and close")
    expect(button).to_be_disabled()
    desk.get_by_placeholder("Write a reply…").fill("All done, goodbye")
    button.click()
    assert until(lambda: owner.status(anna) == "closed")
    assert anna.hears() == ["All done, goodbye"]
    desk.get_by_role("button", name="Undo").click()
    assert until(lambda: owner.status(anna) == "open")


def test_one_chord_sends_and_closes_once_the_reply_cannot_be_taken_back_any_more(
    owner: Person, new_tab: NewTab, anna: Customer
) -> None:
    desk = _at(owner, new_tab(), anna, undo_seconds=3)
    desk.get_by_placeholder("Write a reply…").fill("Not this")
    desk.keyboard.press("Control+Shift+Enter")
    expect(desk.locator(".is-pending")).to_contain_text("Sending and closing in")
    desk.locator(".is-pending").get_by_role("button", name="Undo").click()
    expect(desk.get_by_placeholder("Write a reply…")).to_have_value("Not this")
    desk.get_by_placeholder("Write a reply…").fill("But this")
    desk.keyboard.press("Control+Shift+Enter")
    assert until(lambda: owner.status(anna) == "closed")
    assert anna.hears() == ["But this"]


def test_a_reload_in_between_forgets_neither_the_reply_nor_the_closing(
    owner: Person, new_tab: NewTab, anna: Customer
) -> None:
    desk = _at(owner, new_tab(), anna, undo_seconds=3)
    desk.get_by_placeholder("Write a reply…").fill("Goodbye")
    desk.keyboard.press("Control+Shift+Enter")
    expect(desk.locator(".is-pending")).to_contain_text("Sending and closing in")
    desk.goto(f"{owner.url}/settings/profile")
    assert until(lambda: owner.status(anna) == "closed", within=15)
    assert anna.hears() == ["Goodbye"]


def test_what_waits_for_the_connection_can_be_read(
    owner: Person, new_context: NewContext, anna: Customer
) -> None:
    context = new_context(viewport={"width": 1440, "height": 900})
    desk = _at(owner, context.new_page(), anna)
    expect(desk.get_by_role("log")).to_contain_text("Hello?")
    context.set_offline(True)
    desk.get_by_placeholder("Write a reply…").fill("From the train")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    desk.keyboard.press("e")
    desk.get_by_text("2 changes wait to be sent.").click()
    expect(desk.locator(".queued li")).to_have_text(
        ["Close: Anna", "Reply to Anna: From the train"]
    )
    context.set_offline(False)
    assert until(lambda: owner.status(anna) == "closed", within=20)


def test_a_draft_is_its_writers_alone_and_waits_for_them(
    owner: Person, new_context: NewContext, anna: Customer
) -> None:
    ben = owner.colleague("Ben")
    # Another session of the same person's, for the first one ends by signing out.
    mine = {"email": owner.email, "password": PASSWORD}
    again = Person(owner.url, ask(owner.url, "POST", "/v1/auth/login", mine))
    desk = _at(owner, new_context().new_page(), anna)
    reply = desk.get_by_placeholder("Write a reply…")
    reply.fill("Between us: refund her")
    desk.get_by_role("button", name=owner.name).click()
    desk.get_by_role("menuitem", name="Sign out").click()
    desk.wait_for_url("**/login**")
    for person, text in [(ben, ""), (again, "Between us: refund her")]:
        kept = json.dumps(person.session)
        desk.goto(f"{owner.url}/v1/health")  # where no dashboard writes another session meanwhile
        desk.evaluate("(session) => localStorage.setItem('foyer.session', session)", kept)
        desk.goto(f"{owner.url}/conversations/{anna.conversation}")
        expect(reply).to_have_value(text)

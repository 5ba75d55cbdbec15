"""A whole shift without the mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard.people import Customer, Person, until

NAMES = ("Anna", "Bruno", "Clara")


@pytest.fixture
def customers(owner: Person) -> list[Customer]:
    """Three who have written; Clara last, so she stands first."""
    return [owner.customer(name).write(f"Hello from {name}") for name in NAMES]


def test_reading_answering_closing_and_undoing_need_no_mouse(
    desk: Page, customers: list[Customer], owner: Person
) -> None:
    anna, bruno, clara = customers
    expect(desk.locator(".row")).to_have_count(3)
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator(".thread-title h2")).to_have_text("Bruno")
    desk.keyboard.press("r")
    desk.keyboard.type("Hello Bruno")
    desk.keyboard.press("Enter")
    assert until(lambda: bruno.hears() == ["Hello Bruno"])
    desk.keyboard.press("Escape")
    desk.keyboard.press("e")
    assert until(lambda: owner.status(bruno) == "closed")
    desk.keyboard.press("u")
    assert until(lambda: owner.status(bruno) == "open")
    desk.keyboard.press("z")
    desk.keyboard.type("tomorrow")
    desk.keyboard.press("Enter")
    assert until(lambda: owner.status(bruno) == "snoozed")
    desk.keyboard.press("j")
    expect(desk.locator(".thread-title h2")).to_have_text("Clara")
    desk.keyboard.press("c")
    expect(desk.get_by_role("button", name="Assigned to You")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk).to_have_url(f"{owner.url}/conversations")
    assert [owner.status(one) for one in (anna, clara)] == ["open", "open"]


def test_marked_rows_are_closed_and_brought_back_together(
    desk: Page, customers: list[Customer], owner: Person
) -> None:
    expect(desk.locator(".row")).to_have_count(3)
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    desk.keyboard.press("Shift+J")
    expect(desk.get_by_role("toolbar", name="2 selected")).to_be_visible()
    desk.keyboard.press("e")
    expect(desk.locator(".row")).to_have_count(1)
    assert until(lambda: [owner.status(one) for one in customers].count("closed") == 2)
    desk.keyboard.press("u")
    expect(desk.locator(".row")).to_have_count(3)
    assert until(lambda: [owner.status(one) for one in customers].count("open") == 3)


def test_the_palette_runs_actions_and_finds_people(
    desk: Page, customers: list[Customer], owner: Person
) -> None:
    expect(desk.locator(".row")).to_have_count(3)
    desk.keyboard.press("Control+k")
    desk.keyboard.type("anna")
    desk.get_by_role("option").first.wait_for()
    desk.keyboard.press("Enter")
    expect(desk.locator(".thread-title h2")).to_have_text("Anna")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("close")
    desk.keyboard.press("Enter")
    assert until(lambda: owner.status(customers[0]) == "closed")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("dark")
    desk.keyboard.press("Enter")
    assert desk.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_two_strokes_go_places_and_the_help_names_every_key(desk: Page) -> None:
    expect(desk.get_by_text("Three steps")).to_be_visible()
    for stroke, heading in (("v", "Visitors"), ("o", "Contacts"), ("s", "Settings")):
        desk.keyboard.press("g")
        desk.keyboard.press(stroke)
        expect(desk.get_by_role("heading", level=1)).to_have_text(heading)
    desk.keyboard.press("g")
    desk.keyboard.press("c")
    desk.keyboard.press("?")
    help_ = desk.get_by_role("dialog", name="Keyboard shortcuts")
    for label in ("Next conversation", "Snooze", "Claim", "Go to Visitors", "Search and commands"):
        expect(help_.get_by_text(label, exact=True)).to_be_visible()
    desk.keyboard.press("Escape")
    expect(help_).to_have_count(0)


def test_single_keys_can_be_turned_off(
    desk: Page, customers: list[Customer], owner: Person
) -> None:
    desk.goto(f"{owner.url}/settings/profile")
    desk.get_by_role("switch", name="Single-key shortcuts").press("Space")
    desk.goto(f"{owner.url}/conversations/{customers[0].conversation}")
    expect(desk.locator(".thread-title h2")).to_have_text("Anna")
    desk.keyboard.press("e")
    desk.keyboard.press("Control+k")
    expect(desk.get_by_role("combobox", name="Search and commands")).to_be_visible()
    assert owner.status(customers[0]) == "open"

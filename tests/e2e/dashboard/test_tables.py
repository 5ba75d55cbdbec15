"""Visitors and contacts as tables: headings, rows by key, cards on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Customer, Person
from tests.e2e.host import HostSite
from tests.e2e.widget.chat import Chat, axe_violations


@pytest.fixture
def customers(owner: Person) -> list[Customer]:
    """Three who have written."""
    return [owner.customer(name).write("Hello") for name in ("Anna", "Bruno", "Clara")]


def test_contacts_are_a_table_whose_headings_name_the_columns(
    desk: Page, owner: Person, customers: list[Customer]
) -> None:
    desk.goto(f"{owner.url}/contacts")
    table = desk.get_by_role("table", name="Contacts")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Name", "E-mail", "Phone", "Identity", "Last seen"]
    )
    expect(table.get_by_role("row")).to_have_count(4)
    anna = table.get_by_role("row").filter(has=desk.get_by_role("link", name="Anna"))
    expect(anna.get_by_role("cell")).to_have_count(5)
    assert _columns_of(desk, 0) == _columns_of(desk, 1)


def test_a_click_anywhere_in_a_contacts_row_opens_it(
    desk: Page, owner: Person, customers: list[Customer]
) -> None:
    desk.goto(f"{owner.url}/contacts")
    cell = desk.get_by_role("row").filter(has_text="Bruno").get_by_role("cell").nth(3)
    box = cell.bounding_box()
    assert box
    desk.mouse.click(box["x"] + 20, box["y"])  # nothing is in it, and the row's link lies over it
    expect(desk.get_by_role("heading", level=1)).to_have_text("Bruno")


def test_j_and_k_move_through_the_contacts_and_enter_opens_one(
    desk: Page, owner: Person, customers: list[Customer]
) -> None:
    desk.goto(f"{owner.url}/contacts")
    expect(desk.locator(".contact")).to_have_count(3)
    names = desk.locator(".contact .table-target")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        desk.keyboard.press(key)
        expect(names.nth(at)).to_be_focused()
    wanted = names.nth(1).inner_text()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(wanted)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_visitors_are_a_table_without_a_flaw_for_axe(
    owner: Person, host: HostSite, new_tab: NewTab, width: int, scheme: str
) -> None:
    key = owner.ask("GET", "/v1/workspace")["widget_key"]
    Chat(new_tab()).visit(host.with_widget(key))
    desk = owner.sit_down(new_tab(width, color_scheme=scheme), "/visitors")
    table = desk.get_by_role("table", name="Visitors on your site now")
    expect(table.get_by_role("cell").filter(has_text="Kiln & Ash").first).to_be_visible()
    expect(table.get_by_role("columnheader", name="Page")).to_be_attached()
    assert axe_violations(desk) == []


def _columns_of(page: Page, row: int) -> list[int]:
    """Where a row's cells begin, in CSS pixels; the heading is row 0."""
    left = "(row) => [...row.children].map((cell) => Math.round(cell.getBoundingClientRect().left))"
    return [int(at) for at in page.locator(".table-row").nth(row).evaluate(left)]

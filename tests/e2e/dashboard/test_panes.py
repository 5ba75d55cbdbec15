"""Panes and rows under the pointer: widths that stay, ranges, the bulk bar, the timeline's end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Customer, Person, until


@pytest.fixture
def customers(owner: Person) -> list[Customer]:
    """Five who have written; the last stands first."""
    names = ("Anna", "Bruno", "Clara", "Diego", "Elif")
    return [owner.customer(name).write(f"Hello from {name}") for name in names]


def _width(page: Page) -> int:
    box = page.locator(".list").bounding_box()
    assert box
    return round(box["width"])


def test_the_list_is_dragged_wider_stays_so_and_a_double_click_puts_it_back(
    desk: Page, customers: list[Customer]
) -> None:
    line = desk.get_by_role("separator", name="Resize the list")
    box = line.bounding_box()
    assert box
    assert _width(desk) == 320
    desk.mouse.move(box["x"], 400)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 80, 400, steps=4)
    desk.mouse.up()
    assert _width(desk) == 400
    desk.reload()
    expect(desk.locator(".row")).to_have_count(5)
    assert _width(desk) == 400
    line.press("ArrowLeft")
    assert _width(desk) == 384
    line.dblclick()
    assert until(lambda: _width(desk) == 320)


def test_shift_marks_a_range_and_the_bar_comes_up_without_moving_a_row(
    desk: Page, customers: list[Customer], owner: Person
) -> None:
    rows = desk.locator(".row")
    expect(rows).to_have_count(5)
    before = rows.nth(3).bounding_box()
    rows.nth(1).locator(".row-mark").click()
    rows.nth(3).locator(".row-mark").click(modifiers=["Shift"])
    bar = desk.get_by_role("toolbar", name="3 selected")
    expect(bar).to_be_visible()
    assert rows.nth(3).bounding_box() == before
    bar.get_by_role("button", name="Close").click()
    expect(rows).to_have_count(2)
    assert until(lambda: [owner.status(one) for one in customers].count("closed") == 3)
    expect(desk.get_by_role("radiogroup", name="Status")).to_be_visible()


def test_a_rows_own_actions_come_up_under_the_pointer_and_can_be_undone(
    desk: Page, customers: list[Customer], owner: Person
) -> None:
    expect(desk.locator(".row")).to_have_count(5)  # rows move while others arrive
    row = desk.locator(".row", has_text="Clara")
    close = row.get_by_role("button", name="Close")
    expect(close).to_be_hidden()
    row.hover()
    expect(close).to_be_visible()
    close.click()
    assert until(lambda: owner.status(customers[2]) == "closed")
    desk.get_by_role("button", name="Undo").click()
    assert until(lambda: owner.status(customers[2]) == "open")


def test_reading_further_up_one_is_told_what_came_and_jumps_to_it(
    owner: Person, new_tab: NewTab
) -> None:
    customer = owner.customer("Anna")
    for line in range(30):
        customer.write(f"Line {line}")
    page = owner.sit_down(new_tab(), f"/conversations/{customer.conversation}")
    log = page.get_by_role("log")
    expect(log).to_contain_text("Line 29")
    expect(log.locator(".divider")).to_have_text(["today", "New"])
    log.evaluate("(box) => { box.scrollTop = 0; }")
    expect(page.get_by_role("button", name="Jump to latest")).to_be_visible()
    customer.write("The newest")
    page.get_by_role("button", name="1 new message").click()
    expect(page.get_by_text("The newest").last).to_be_in_viewport()
    expect(page.locator(".jump")).to_have_count(0)


def test_a_run_of_changes_is_folded_and_unfolds(desk: Page, owner: Person) -> None:
    customer = owner.customer("Anna").write("Hello?")
    path = f"/v1/conversations/{customer.conversation}"
    for action in ("close", "open", "close", "open"):
        owner.ask("POST", f"{path}/{action}")
    desk.goto(f"{owner.url}/conversations/{customer.conversation}")
    expect(desk.locator(".event")).to_have_count(1)
    desk.get_by_role("button", name="Show 3 changes").click()
    expect(desk.locator(".event")).to_have_count(4)

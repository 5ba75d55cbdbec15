"""What is said in passing stands beside the work, not over it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person, until


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_a_toast_covers_neither_the_list_nor_the_field_that_one_writes_in(
    owner: Person, new_tab: NewTab, width: int, height: int
) -> None:
    for name in [f"Customer {number}" for number in range(14)]:
        anna = owner.customer(name).write("Hello?")
    page = owner.sit_down(new_tab(width, height), f"/conversations/{anna.conversation}?status=all")
    page.locator(".message-meta time").wait_for()
    page.keyboard.press("e")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Closed")
    for one in [page.locator(".list"), page.locator(".composer-box")]:
        assert not one.is_visible() or not overlap(toast, one)
    page.get_by_label("Reply to Customer 13").fill("One\nTwo\nThree\nFour\nFive")
    assert not overlap(toast, page.locator(".composer-box"))
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".thread-title .badge")).to_have_count(0)


def test_ctrl_z_takes_the_last_action_back_and_leaves_what_is_being_written_to_its_field(
    owner: Person, new_tab: NewTab
) -> None:
    anna = owner.customer("Anna").write("Hello?")
    page = owner.sit_down(new_tab(), f"/conversations/{anna.conversation}?status=all")
    field, toast = page.get_by_label("Reply to Anna"), page.locator(".toast")
    page.locator(".message-meta time").wait_for()
    page.keyboard.press("e")
    expect(toast).to_contain_text("ClosedUndoU")
    assert until(lambda: owner.status(anna) == "closed")
    field.press("Control+z")
    assert until(lambda: owner.status(anna) == "open")
    page.locator(".thread-head").get_by_role("button", name="Close", exact=True).click()
    assert until(lambda: owner.status(anna) == "closed")
    field.press_sequentially("Hm")
    field.press("Control+z")
    expect(field).not_to_have_value("Hm")
    expect(toast.last).to_contain_text("Closed")
    assert owner.status(anna) == "closed"


def test_where_nothing_is_written_a_toast_stands_at_the_bottom_in_the_middle(
    owner: Person, new_tab: NewTab
) -> None:
    owner.customer("Ann").write("Hello?")
    page = owner.sit_down(new_tab(), "/contacts")
    page.locator(".contact a").first.click()
    page.get_by_role("button", name="Block").click()
    toast, main = page.locator(".toast").bounding_box(), page.locator("main").bounding_box()
    assert toast
    assert main
    assert toast["x"] + toast["width"] / 2 == pytest.approx(main["x"] + main["width"] / 2, abs=9)
    assert 880 < toast["y"] + toast["height"] < 900


def overlap(one: Locator, other: Locator) -> bool:
    """Whether two have a point of the screen in common."""
    a, b = one.bounding_box(), other.bounding_box()
    assert a
    assert b
    return (
        a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    )

"""Numbers are true however little of a list is here, and the same for all who may see it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Customer, Person

MANY = 75
"""More than a page of the list has."""


@pytest.fixture
def customers(owner: Person) -> list[Customer]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda n: owner.customer(f"Customer {n}").write("Hi"), range(MANY)))


def queue(page: Page, name: str) -> Locator:
    return page.get_by_role("radiogroup", name="Assigned to").get_by_role("radio", name=name)


def shows(page: Page, every: int, mine: int, unassigned: int, unread: int) -> None:
    expect(queue(page, "All")).to_have_text(f"All{every}")
    expect(queue(page, "Mine")).to_have_text(f"Mine{mine}")
    expect(queue(page, "Unassigned")).to_have_text(f"Unassigned{unassigned}")
    expect(page.locator(".rail .count")).to_have_text(str(unread))
    assert page.title().startswith(f"({unread}) ")


def test_two_operators_see_the_same_true_numbers_and_what_they_do_moves_them_at_once(
    owner: Person, customers: list[Customer], new_tab: NewTab
) -> None:
    bo = owner.colleague("Bo Larsen")
    tabs = [owner.sit_down(new_tab()), bo.sit_down(new_tab())]
    for tab in tabs:
        shows(tab, MANY, 0, MANY, MANY)
    owner.ask("POST", f"/v1/conversations/{customers[0].conversation}/claim")
    owner.ask("POST", f"/v1/conversations/{customers[1].conversation}/close")
    shows(tabs[0], MANY - 1, 1, MANY - 2, MANY - 1)
    shows(tabs[1], MANY - 1, 0, MANY - 2, MANY - 1)
    customers[1].write("One more thing")
    for tab, mine in zip(tabs, (1, 0), strict=True):
        shows(tab, MANY, mine, MANY - 1, MANY)
    owner.customer("Newcomer").write("Hi")
    for tab, mine in zip(tabs, (1, 0), strict=True):
        shows(tab, MANY + 1, mine, MANY, MANY + 1)


def test_a_close_is_counted_before_the_server_has_answered(
    owner: Person, customers: list[Customer], new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab())
    shows(page, MANY, 0, MANY, MANY)
    page.route("**/v1/conversations/*/close", lambda _: None)  # never answered
    page.keyboard.press("j")
    page.keyboard.press("e")
    shows(page, MANY - 1, 0, MANY - 1, MANY - 1)

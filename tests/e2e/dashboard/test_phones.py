"""One pane at a time: whatever it shows has a heading, and a way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Customer, Person
from tests.e2e.widget.chat import axe_violations

PHONE = {"has_touch": True, "is_mobile": True}


@pytest.fixture
def anna(owner: Person) -> Customer:
    return owner.customer("Anna").write("Hello?")


@pytest.fixture
def phone(owner: Person, anna: Customer, new_tab: NewTab) -> Page:
    """Ada's phone, at the conversations."""
    del anna
    return owner.sit_down(new_tab(390, 844, **PHONE))


@pytest.mark.parametrize("id", ["", "cnv_01ARZ3NDEKTSV4RRFFQ69G5FAV", "%E0%A4%A"])
def test_a_conversation_and_one_that_isnt_there_lead_back_to_the_list(
    phone: Page, owner: Person, anna: Customer, id: str
) -> None:
    phone.goto(f"{owner.url}/conversations/{id or anna.conversation}")
    sign = "This conversation isn't here" if id else "Hello?"
    phone.get_by_text(sign).wait_for()
    assert axe_violations(phone) == []
    phone.get_by_role("button", name="Back to the list").tap()
    expect(phone.locator(".row")).to_have_count(1)


def test_the_way_back_stays_while_what_isnt_there_is_looked_for_again(
    phone: Page, owner: Person
) -> None:
    phone.goto(f"{owner.url}/conversations/cnv_01ARZ3NDEKTSV4RRFFQ69G5FAV")
    back = phone.get_by_role("button", name="Back to the list")
    expect(phone.get_by_text("This conversation isn't here")).to_be_visible()
    back.evaluate("(button) => { button.dataset.same = 'yes'; }")
    with phone.expect_response("**/timeline?*"):
        phone.context.set_offline(True)
        phone.context.set_offline(False)
    expect(phone.get_by_text("This conversation isn't here")).to_be_visible()
    assert back.get_attribute("data-same") == "yes"


def test_a_conversation_that_cant_be_loaded_leads_back_to_the_list(
    phone: Page, owner: Person, anna: Customer
) -> None:
    phone.route("**/v1/conversations/*", lambda route: route.fulfill(status=422, body="{}"))
    phone.goto(f"{owner.url}/conversations/{anna.conversation}")
    expect(phone.get_by_role("alert")).to_contain_text("This couldn't be loaded")
    assert axe_violations(phone) == []
    phone.get_by_role("button", name="Back to the list").tap()
    expect(phone.locator(".row")).to_have_count(1)


def test_a_contact_that_cant_be_loaded_says_so_in_the_pages_heading(
    phone: Page, owner: Person
) -> None:
    phone.route("**/v1/contacts/*", lambda route: route.fulfill(status=422, body="{}"))
    phone.goto(f"{owner.url}/contacts/con_01ARZ3NDEKTSV4RRFFQ69G5FAV")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This couldn't be loaded")
    assert axe_violations(phone) == []


def test_a_draft_is_listed_without_its_marks(phone: Page, owner: Person, anna: Customer) -> None:
    phone.goto(f"{owner.url}/conversations/{anna.conversation}")
    phone.get_by_label("Reply to Anna").fill("**Tomorrow**, see [the list](https://a.example)")
    phone.get_by_role("button", name="Back to the list").tap()
    expect(phone.locator(".row-preview")).to_contain_text("Tomorrow, see the list")


def test_the_narrowest_phone_names_every_place_in_full(
    owner: Person, anna: Customer, new_tab: NewTab
) -> None:
    del anna
    page = owner.sit_down(new_tab(320, 640, **PHONE))
    page.locator(".row").wait_for()
    cut = "(labels) => labels.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".rail-label").evaluate_all(cut) == 0
    page.goto(f"{owner.url}/settings/widget")
    expect(page.get_by_role("link", name="Widget")).to_be_in_viewport(ratio=1)

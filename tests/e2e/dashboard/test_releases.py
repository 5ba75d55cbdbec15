"""A tab that was open when its files were replaced by those of another release, or went away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person

_OTHER_RELEASE = '<script type="module" src="/assets/index-otherOne.js"></script>'


@pytest.fixture
def desk(owner: Person, new_tab: NewTab) -> Page:
    """Ada's tab, in the midst of an answer."""
    customer = owner.customer("Ann").write("Hello?")
    page = owner.sit_down(new_tab(), f"/conversations/{customer.conversation}")
    page.get_by_label("Reply to Ann").fill("Half a sentence")
    page.evaluate("window.sameLoad = true")
    return page


def replace_release(page: Page) -> None:
    """Until the page is loaded anew, files of its release are gone and the site has another."""

    loads: list[str] = []

    def answer(route: Route) -> None:
        if route.request.resource_type == "document":
            loads.append(route.request.url)
        if loads:
            route.continue_()
        elif "/assets/" in route.request.url:
            route.fulfill(status=404, body="There is nothing here.")
        elif route.request.url.endswith("/"):
            route.fulfill(content_type="text/html", body=_OTHER_RELEASE)
        else:
            route.continue_()

    page.route("**/*", answer)


def test_a_screen_whose_file_was_replaced_opens_in_the_new_release_and_a_draft_is_kept(
    desk: Page,
) -> None:
    replace_release(desk)
    desk.get_by_role("link", name="Contacts").click()
    expect(desk.locator(".contact")).to_have_count(1)
    assert not desk.evaluate("window.sameLoad")
    desk.go_back()
    expect(desk.get_by_label("Reply to Ann")).to_have_value("Half a sentence")


def test_what_opens_over_a_screen_says_that_there_is_a_new_release(desk: Page) -> None:
    replace_release(desk)
    desk.get_by_role("button", name="Insert emoji").click()
    expect(desk.locator(".toast")).to_have_text("Foyer has been updated. Reload the page to go on.")
    assert desk.evaluate("window.sameLoad")


def test_a_file_that_is_missing_without_another_release_is_said_to_be_and_no_more(
    desk: Page,
) -> None:
    desk.route("**/assets/**", lambda route: route.fulfill(status=404, body="nothing"))
    with desk.expect_response(lambda response: response.url.endswith("/")):
        desk.get_by_role("link", name="Contacts").click()
    expect(desk.get_by_role("alert")).to_contain_text("This couldn't be loaded")
    assert desk.evaluate("window.sameLoad")


def test_a_screen_that_couldnt_be_fetched_offline_comes_once_the_network_is_back(
    desk: Page,
) -> None:
    desk.context.set_offline(True)
    desk.get_by_role("link", name="Contacts").click()
    expect(desk.get_by_role("alert")).to_contain_text("This couldn't be loaded")
    desk.context.set_offline(False)
    expect(desk.locator(".contact")).to_have_count(1)

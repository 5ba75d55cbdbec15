"""Signing out in the dashboard ends the session, whatever has run out or is away."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.conftest import browser, foyer, front_ends, new_context, page
from tests.e2e.dashboard.people import Person, ask, until

__all__ = ["browser", "foyer", "front_ends", "new_context", "page"]


def sign_in_to_dashboard(foyer: LocalFoyer, page: Page) -> Person:
    owner = Person.signed_up(foyer.url)
    owner.sit_down(page)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return owner


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def is_over(owner: Person) -> bool:
    try:
        body = {"refresh_token": owner.session["refresh_token"]}
        ask(owner.url, "POST", "/v1/auth/refresh", body)
    except urllib.error.HTTPError as refused:
        return refused.code == 401
    return False


@pytest.mark.parametrize("token", ["kept", "run out"])
def test_signing_out_after_whatever_idle_time_ends_the_session(
    foyer: LocalFoyer, page: Page, token: str
) -> None:
    owner = sign_in_to_dashboard(foyer, page)
    if token == "run out":
        # As after fifteen minutes: nothing in this tab's storage opens anything but a refresh.
        page.evaluate("""() => {
          const session = JSON.parse(localStorage.getItem('foyer.session'));
          session.access_token = 'x.y.z';
          localStorage.setItem('foyer.session', JSON.stringify(session));
        }""")
    with page.expect_response("**/v1/auth/logout") as told:
        sign_out(page)
    assert told.value.status == 204
    assert is_over(owner)
    assert page.evaluate("localStorage.getItem('foyer.session')") is None
    assert page.evaluate("sessionStorage.getItem('foyer.farewells')") is None


def test_without_the_network_it_is_said_and_done_once_it_is_back(
    foyer: LocalFoyer, page: Page
) -> None:
    owner = sign_in_to_dashboard(foyer, page)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    sign_out(page)
    expect(page.get_by_role("status")).to_contain_text("signed out in this browser")
    assert page.evaluate("localStorage.getItem('foyer.session')") is None
    page.context.set_offline(False)
    expect(page.get_by_text("signed out in this browser")).to_have_count(0)
    assert until(lambda: is_over(owner))


def test_a_server_in_trouble_is_told_again(foyer: LocalFoyer, page: Page) -> None:
    owner = sign_in_to_dashboard(foyer, page)
    answers: list[Any] = []

    def trouble(route: Any) -> None:
        answers.append(route)
        if len(answers) > 1:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}")

    page.route("**/v1/auth/logout", trouble)
    sign_out(page)
    expect(page.get_by_role("status")).to_contain_text("signed out in this browser")
    expect(page.get_by_text("signed out in this browser")).to_have_count(0)
    assert is_over(owner)
    assert len(answers) == 2


def test_a_refresh_on_its_way_signs_nobody_in_again(foyer: LocalFoyer, page: Page) -> None:
    owner = sign_in_to_dashboard(foyer, page)
    held: list[Any] = []
    page.route("**/v1/auth/refresh", lambda route: held.append(route))
    page.route("**/v1/contacts*", lambda route: route.fulfill(status=401, body="{}"))
    with page.expect_request("**/v1/auth/refresh"):
        page.goto(f"{foyer.url}/contacts")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    sign_out(page)
    with page.expect_response("**/v1/auth/refresh"):
        held[0].continue_()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert page.evaluate("localStorage.getItem('foyer.session')") is None
    assert is_over(owner)

"""Addresses of the dashboard that somebody made up, and browsers that are nowhere."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.conftest import NewContext, browser, foyer, front_ends, new_context, page
from tests.e2e.dashboard.people import PASSWORD, Person

__all__ = ["browser", "foyer", "front_ends", "new_context", "page"]

NOWHERE = "There is nothing here"
MADE_UP = (
    "/%E0%A4%A",
    "/%",
    "//evil.example/x",
    "/%5Cevil.example/x",
    "/%2F%2Fevil/x",
    "/.//evil.example/x",
    "/javascript:alert(1)",
    "/contacts/a%2Fb/c",
    "/" + "x" * 6000,
)


@pytest.mark.parametrize("path", MADE_UP)
def test_a_made_up_address_is_a_page_that_isnt_there_before_and_after_signing_in(
    foyer: LocalFoyer, page: Page, path: str
) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    owner = Person.signed_up(foyer.url)
    page.goto(foyer.url + path)
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    known = page.get_by_role("heading", name=NOWHERE).or_(
        page.get_by_text("Three steps to your first conversation")
    )
    expect(known).to_be_visible()
    assert page.url.startswith(foyer.url + "/")
    page.goto(foyer.url + path)
    expect(page.get_by_role("heading", name=NOWHERE)).to_be_visible()
    assert failures == []


@pytest.mark.parametrize(
    "way", ["//evil.example/x", "/\\evil.example", "javascript:alert(1)", "https://evil.example/"]
)
def test_nobody_is_sent_elsewhere_by_signing_in(foyer: LocalFoyer, page: Page, way: str) -> None:
    owner = Person.signed_up(foyer.url)
    page.goto(f"{foyer.url}/login")
    page.evaluate("way => sessionStorage.setItem('foyer.return', way)", way)
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    assert page.url.startswith(foyer.url + "/")


@pytest.mark.parametrize("zone", ["Etc/Unknown", "undefined", "", "Mars/Olympus"])
def test_a_browser_that_is_nowhere_signs_up_and_tells_times(
    foyer: LocalFoyer, new_context: NewContext, zone: str
) -> None:
    page = new_context().new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.add_init_script(f"""
      const honest = Intl.DateTimeFormat.prototype.resolvedOptions;
      Intl.DateTimeFormat.prototype.resolvedOptions = function () {{
        return {{ ...honest.call(this), timeZone: {json.dumps(zone)} }};
      }};""")
    customer = _signed_up_in(page, foyer).customer("Anna").write("Hello?")
    page.goto(f"{foyer.url}/conversations/{customer.conversation}")
    expect(page.get_by_role("log")).to_contain_text("Hello?")
    page.goto(f"{foyer.url}/settings/profile")
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
    assert failures == []


def test_a_zone_that_this_browser_doesnt_know_breaks_no_page(foyer: LocalFoyer, page: Page) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    owner = Person.signed_up(foyer.url)
    customer = owner.customer("Anna").write("Hello?")
    owner.session["user"]["time_zone"] = "Mars/Olympus"
    page.route("**/v1/me", lambda route: route.abort())
    owner.sit_down(page, f"/conversations/{customer.conversation}")
    expect(page.get_by_role("log")).to_contain_text("Hello?")
    assert failures == []


def _signed_up_in(page: Page, foyer: LocalFoyer) -> Person:
    made = Person.signed_up(foyer.url)
    page.goto(f"{foyer.url}/signup")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Workspace name").fill("Kiln & Ash")
    page.get_by_label("E-mail").fill(f"ada.{made.email}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create your workspace").click()
    expect(page.get_by_text("Three steps to your first conversation")).to_be_visible()
    kept = page.evaluate("localStorage.getItem('foyer.session')")
    return Person(foyer.url, json.loads(kept))

"""The machine's own pages: the mails that would have been sent, and what failed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from infra.local.testing import LocalFoyer
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person
from tests.e2e.widget.chat import axe_violations


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_mail_and_failures_are_for_everybody_and_lead_to_each_other(
    foyer: LocalFoyer, owner: Person, new_tab: NewTab, width: int, scheme: str
) -> None:
    for number in range(12):
        body = {"email": f"n{number}-{owner.email}", "role": "operator"}
        owner.ask("POST", "/v1/users", body)
    page = new_tab(width, 844, color_scheme=scheme)
    page.goto(f"{foyer.local_url}/mail")
    heading = page.get_by_role("main").get_by_role("heading")
    expect(heading).to_be_in_viewport()
    expect(page.locator("time").first).to_contain_text(" UTC")
    assert axe_violations(page) == []
    page.get_by_role("link", name="Failed reactions").click()
    expect(page.get_by_role("heading")).to_have_text("Failed reactions")
    assert axe_violations(page) == []
    page.get_by_role("link", name="Mail").click()
    expect(heading).to_be_visible()

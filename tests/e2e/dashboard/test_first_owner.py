"""The first minutes of an installation: its owner, who else may come, and whose address it is."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import PASSWORD, link_to


@pytest.fixture(scope="module")
def fresh(front_ends: None) -> Iterator[LocalFoyer]:
    """A machine on which nobody has signed up, as it is shipped."""
    del front_ends
    with LocalFoyer(env={"FOYER_SIGNUP": "first"}) as machine:
        yield machine


def show(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look, in the folder of FOYER_PICTURES."""
    if folder := os.environ.get("FOYER_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_first_owner_signs_up_proves_the_address_and_nobody_else_gets_a_form(
    fresh: LocalFoyer, new_tab: NewTab
) -> None:
    page, email = new_tab(), f"{secrets.token_hex(6)}@example.com"
    page.goto(fresh.url)
    expect(page.get_by_role("heading")).to_have_text("Create the owner's account")
    show(page, "first")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Workspace name").fill("Kiln & Ash")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Three steps to your first conversation")).to_be_visible()

    banner = page.get_by_text("Mail stays on this machine")
    expect(banner).to_be_visible()
    show(page, "banner")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("A new link is on this machine's mail page")).to_be_visible()
    page.goto(f"{fresh.url}/settings/team")
    page.get_by_role("button", name="Invite").click()
    page.get_by_label("E-mail").fill("ben@example.com")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Confirm your e-mail address first")
    page.keyboard.press("Escape")

    stranger = new_tab()
    stranger.goto(f"{fresh.url}/login")
    expect(stranger.get_by_role("heading")).to_have_text("Welcome back")
    expect(stranger.get_by_label("E-mail")).to_be_visible()
    expect(stranger.get_by_role("link", name="Create your workspace")).to_have_count(0)
    stranger.goto(f"{fresh.url}/signup")
    expect(stranger.get_by_role("heading")).to_have_text("Foyer is by invitation here")
    expect(stranger.get_by_label("E-mail")).to_have_count(0)
    show(stranger, "closed")

    path = f"{fresh.url}/verify/{link_to(fresh.url, email, '/verify/')}"
    page.goto(path)
    expect(page.get_by_role("heading")).to_have_text("Confirm your e-mail address")
    show(page, "verify")
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("status")).to_contain_text("You can now invite colleagues")
    show(page, "verified")
    page.get_by_role("link", name="Go to conversations").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(banner).to_have_count(0)
    page.goto(path)
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("alert")).to_contain_text("This link was used")
    expect(page.get_by_text(f"Your own address, {email}, is confirmed already")).to_be_visible()


def test_whoever_comes_too_late_to_be_the_first_is_told_so(
    front_ends: None, new_tab: NewTab
) -> None:
    del front_ends
    with LocalFoyer(env={"FOYER_SIGNUP": "first"}) as machine:
        pages = [new_tab(), new_tab()]
        for number, page in enumerate(pages):
            page.goto(machine.url)
            page.get_by_label("Your name").fill(f"Ada {number}")
            page.get_by_label("Workspace name").fill("Kiln & Ash")
            page.get_by_label("E-mail").fill(f"ada{number}@example.com")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
        pages[0].keyboard.press("Enter")
        expect(pages[0].get_by_text("Three steps to your first conversation")).to_be_visible()
        pages[1].keyboard.press("Enter")
        expect(pages[1].get_by_role("heading")).to_have_text("Foyer is by invitation here")

"""Which language the dashboard speaks to whom, and what follows it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import PASSWORD, Customer, Person, until
from tests.e2e.dashboard.screens import furnish


@pytest.fixture
def customers(owner: Person) -> list[Customer]:
    """Three, whose conversations are open, snoozed and closed."""
    return furnish(owner)


def test_a_language_is_chosen_in_the_profile_at_once_and_on_the_next_device(
    owner: Person, new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab(), "/settings/profile")
    page.evaluate("window.sameLoad = true")
    page.get_by_label("Language").select_option(label="Deutsch")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    expect(page.get_by_role("link", name="Unterhaltungen")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_title("Einstellungen · Foyer")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Gehe zu: Besucher")
    assert page.evaluate("window.sameLoad")
    assert until(lambda: owner.ask("GET", "/v1/me")["user"]["language"] == "de")

    elsewhere = new_tab()
    elsewhere.goto(f"{owner.url}/login")
    elsewhere.get_by_label("E-mail").fill(owner.email)
    elsewhere.get_by_label("Password", exact=True).fill(PASSWORD)
    # From the sign-in in English to the first page in German, and to nothing in between.
    elsewhere.evaluate(
        """() => new MutationObserver(() => {
             if (document.querySelector(".rail"))
               (window.seen ??= []).push(document.querySelector(".rail").innerText);
           }).observe(document.body, { childList: true, subtree: true, characterData: true })"""
    )
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_text("In drei Schritten")).to_be_visible()
    rails = elsewhere.evaluate("window.seen")
    assert [rail for rail in rails if "Conversations" in rail or "Visitors" in rail] == []


def test_the_pages_before_signing_in_speak_as_the_browser_or_as_was_chosen_on_the_device(
    owner: Person, new_tab: NewTab
) -> None:
    german = new_tab(locale="de-CH")
    german.goto(f"{owner.url}/login")
    expect(german.get_by_role("heading", level=1)).to_have_text("Willkommen zurück")

    page = owner.sit_down(new_tab(), "/settings/profile")
    page.get_by_label("Language").select_option(label="Deutsch")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    page.locator(".rail-me").click()
    page.get_by_role("menuitem", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Willkommen zurück")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Willkommen zurück")

    page.get_by_label("E-Mail").fill(owner.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()
    page.goto(f"{owner.url}/settings/profile")
    page.get_by_label("Sprache").select_option(value="")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    page.locator(".rail-me").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


def test_another_language_leaves_the_focus_and_what_is_being_written_where_they_are(
    owner: Person, new_context: NewContext
) -> None:
    conversation = owner.customer("Ann").write("Hello?").conversation
    context = new_context()
    writing = owner.sit_down(context.new_page(), f"/conversations/{conversation}")
    writing.get_by_label("Reply to Ann").press_sequentially("Half a sent")
    choosing = owner.sit_down(context.new_page(), "/settings/profile")
    choosing.get_by_label("Language").focus()
    choosing.get_by_label("Language").select_option(label="Deutsch")
    expect(choosing.get_by_label("Sprache")).to_be_focused()
    composer = writing.get_by_label("Antwort an Ann")
    expect(composer).to_be_focused()
    writing.keyboard.type("ence")
    expect(composer).to_have_value("Half a sentence")
    writing.keyboard.press("Control+k")
    expect(writing.get_by_role("option", name="Zurückstellen")).to_be_visible()
    expect(writing.get_by_role("option", name="Snooze")).to_have_count(0)


def test_times_and_numbers_are_written_in_the_chosen_language(
    owner: Person, new_tab: NewTab
) -> None:
    customer = owner.customer("Ann").write("Hello?")
    owner.ask("PATCH", "/v1/me", {"language": "de"})
    owner.ask("POST", f"/v1/conversations/{customer.conversation}/snooze", {"until": None})
    owner.session["user"]["language"] = "de"
    page = owner.sit_down(new_tab(locale="en-US"), f"/conversations/{customer.conversation}")
    expect(page.locator(".divider").first).to_have_text(re.compile("^heute$", re.IGNORECASE))
    expect(page.locator(".message-meta time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(page.locator(".event")).to_contain_text("Von Ihnen bis zur nächsten Antwort")
    page.locator("[aria-haspopup=menu][data-tip-keys=z]").click()
    expect(page.get_by_role("menuitem", name=re.compile("^Morgen"))).to_contain_text(
        re.compile(r"(Mo|Di|Mi|Do|Fr|Sa|So)\., .*, 09:00")
    )


def test_what_the_server_refuses_is_told_in_german(owner: Person, new_tab: NewTab) -> None:
    page = new_tab(locale="de")
    page.goto(f"{owner.url}/login")
    page.get_by_label("E-Mail").fill(owner.email)
    page.get_by_label("Passwort", exact=True).fill("falsch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("E-Mail-Adresse oder Passwort ist falsch")
    page.goto(f"{owner.url}/reset/{'x' * 43}")
    page.get_by_label("Neues Passwort").fill("password123")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "Dieser Link wurde benutzt, zurückgezogen oder ist zu alt"
    )
    page.route(
        "**/v1/auth/login",
        lambda route: route.fulfill(status=429, headers={"Retry-After": "300"}, body="{}"),
    )
    page.goto(f"{owner.url}/login")
    page.get_by_label("E-Mail").fill(owner.email)
    page.get_by_label("Passwort", exact=True).fill("falsch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "Zu viel auf einmal. Versuchen Sie es in 5 Minuten erneut."
    )


def test_the_page_for_trying_the_widget_speaks_the_language_too(
    owner: Person, new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab(locale="de"), "/settings/widget")
    href = page.get_by_role("link", name="Testseite öffnen").get_attribute("href")
    page.goto(f"{owner.url}{href}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jetzt sind Sie der Besucher")
    expect(page).to_have_title("Testseite für das Widget")
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_one_language_is_fetched_and_of_it_what_a_page_needs(
    owner: Person, customers: list[Customer], new_tab: NewTab
) -> None:
    page = new_tab(locale="de")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    owner.sit_down(page)
    page.locator(".row").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert [name for name in fetched if name.startswith("en-")] == []
    assert [name for name in fetched if name.startswith(("de-settings", "de-emoji"))] == []
    assert [name for name in fetched if name.startswith("de-conversations")]
    page.goto(f"{owner.url}/settings/team")
    page.get_by_text("Eingeladen").wait_for()
    assert [name for name in fetched if name.startswith("de-settings")]

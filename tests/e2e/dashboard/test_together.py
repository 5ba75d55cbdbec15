"""Several people and several tabs on the same conversations."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import PASSWORD, Person, until


def test_of_two_who_claim_at_once_the_slower_is_told_who_has_it(desk: Page, owner: Person) -> None:
    bo = owner.colleague("Bo Larsen")
    customer = owner.customer("Anna").write("Hello?")
    desk.goto(f"{owner.url}/conversations/{customer.conversation}")
    claim = f"/v1/conversations/{customer.conversation}/claim"

    def bo_first(route: Route) -> None:
        bo.ask("POST", claim)
        route.continue_()

    desk.route(f"**{claim}", bo_first)
    desk.get_by_role("button", name="Claim").click()
    expect(desk.get_by_text("Bo Larsen has claimed this one")).to_be_visible()
    expect(desk.get_by_role("button", name="Assigned to Bo Larsen")).to_be_visible()


def test_two_tabs_show_the_same_and_reading_in_one_counts_in_both(
    owner: Person, new_context: NewContext
) -> None:
    context = new_context(viewport={"width": 1440, "height": 900})
    one, two = (owner.sit_down(context.new_page()) for _ in range(2))
    expect(two.get_by_text("Three steps")).to_be_visible()
    customer = owner.customer("Anna").write("Hello?")
    for tab in (one, two):
        expect(tab.locator(".row.is-unread")).to_have_count(1)
    one.bring_to_front()
    one.locator(".row-link").click()
    expect(two.locator(".row.is-unread")).to_have_count(0)
    expect(two.locator(".row")).to_have_count(1)
    one.keyboard.press("e")
    expect(two.locator(".row")).to_have_count(0)
    customer.write("Still there?")
    for tab in (one, two):
        expect(tab.locator(".row")).to_contain_text("Still there?")


def test_tabs_whose_token_has_run_out_renew_it_once_and_stay_signed_in(
    owner: Person, new_context: NewContext
) -> None:
    context = new_context(viewport={"width": 1440, "height": 900})
    tabs = [owner.sit_down(context.new_page()) for _ in range(3)]
    for tab in tabs:
        expect(tab.get_by_text("Three steps")).to_be_visible()
    renewals: list[str] = []
    for tab in tabs:  # away from the dashboard: a renewal that a reload cuts off is made again
        tab.goto(f"{owner.url}/v1/health")
    tabs[0].evaluate(
        """() => {
          const kept = JSON.parse(localStorage.getItem('foyer.session'));
          localStorage.setItem('foyer.session',
            JSON.stringify({ ...kept, access_token: kept.access_token.slice(0, -6) + 'AAAAAA' }));
        }"""
    )
    context.on(
        "request",
        lambda request: renewals.append(request.url) if "/auth/refresh" in request.url else None,
    )
    for tab in tabs:
        tab.evaluate("(url) => { location.href = url; }", f"{owner.url}/conversations")
    for tab in tabs:
        expect(tab.get_by_role("link", name="Conversations")).to_be_visible()
        expect(tab.get_by_text("Three steps")).to_be_visible()
    assert len(renewals) == 1


def test_signing_out_in_one_tab_signs_out_in_all(owner: Person, new_context: NewContext) -> None:
    context = new_context(viewport={"width": 1440, "height": 900})
    one, two = (owner.sit_down(context.new_page()) for _ in range(2))
    expect(two.get_by_text("Three steps")).to_be_visible()
    one.get_by_role("button", name="Your menu, Ada Lovelace").click()
    one.get_by_role("menuitem", name="Sign out").click()
    for tab in (one, two):
        expect(tab.get_by_role("heading", name="Welcome back")).to_be_visible()


def test_one_click_makes_an_operator_away_and_one_more_available(desk: Page, owner: Person) -> None:
    def status() -> str:
        return str(owner.ask("GET", "/v1/me")["user"]["status"])

    switch = desk.get_by_role("switch", name="Available for visitors")
    switch.click()
    expect(switch).to_have_text("Away")
    assert until(lambda: status() == "away")
    switch.click()
    expect(switch).to_have_text("Online")
    assert until(lambda: status() == "online")


def test_nobody_is_shown_as_online_while_their_network_is_gone(desk: Page) -> None:
    switch = desk.get_by_role("switch", name="Available for visitors")
    expect(switch).to_contain_text("Online")
    desk.context.set_offline(True)
    expect(switch).to_contain_text("Offline")
    desk.context.set_offline(False)
    expect(switch).to_contain_text("Online")


def test_operators_see_who_else_is_here_and_who_types(
    desk: Page, owner: Person, new_tab: NewTab
) -> None:
    bo = owner.colleague("Bo Larsen")
    customer = owner.customer("Anna").write("Hello?")
    path = f"/conversations/{customer.conversation}"
    other = bo.sit_down(new_tab(), path)
    expect(other.get_by_role("log")).to_contain_text("Hello?")
    desk.goto(owner.url + path)
    expect(other.locator(".viewers")).to_contain_text("Ada Lovelace also here")
    desk.get_by_placeholder("Write a reply…").press_sequentially("Hi")
    expect(other.get_by_role("img", name="Ada Lovelace is typing")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(other.get_by_role("log")).to_contain_text("Hi")
    expect(other.get_by_role("img", name="Ada Lovelace is typing")).to_have_count(0)


def test_what_is_written_offline_waits_and_arrives_once(
    owner: Person, new_context: NewContext
) -> None:
    customer = owner.customer("Anna").write("Hello?")
    context = new_context(viewport={"width": 1440, "height": 900})
    page = owner.sit_down(context.new_page(), f"/conversations/{customer.conversation}")
    expect(page.get_by_role("log")).to_contain_text("Hello?")
    context.set_offline(True)
    expect(page.get_by_text("You are offline. Showing data of")).to_be_visible()
    page.get_by_placeholder("Write a reply…").fill("From the train")
    page.keyboard.press("Enter")
    expect(page.locator(".is-pending")).to_contain_text("Waits for the connection")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_text("2 changes wait to be sent.")).to_be_visible()
    customer.write("Are you there?")
    context.set_offline(False)
    assert until(lambda: customer.hears() == ["From the train"], within=20)
    expect(page.locator(".is-pending")).to_have_count(0)
    expect(page.get_by_text("You are offline")).to_have_count(0)
    expect(page.get_by_role("log")).to_contain_text("Are you there?")
    path = f"/v1/conversations/{customer.conversation}"
    assert until(lambda: owner.ask("GET", path)["status"] == "closed")


def test_a_session_that_the_server_ended_says_so_and_leads_back(
    owner: Person, new_context: NewContext
) -> None:
    context = new_context(viewport={"width": 1440, "height": 900})
    page = owner.sit_down(context.new_page(), "/contacts")
    expect(page.get_by_text("No contacts yet")).to_be_visible()
    change = {"current_password": PASSWORD, "new_password": "another long sentence"}
    owner.ask("POST", "/v1/auth/password", change)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("You were signed out")
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password", exact=True).fill("another long sentence")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{owner.url}/contacts")

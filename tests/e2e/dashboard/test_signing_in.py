"""What the pages before signing in say when something doesn't work, and what to do then."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from infra.local.testing import LocalFoyer
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import PASSWORD, Person, link_to, until


def fulfill_with(route: Route, status: int, code: str, detail: str, wait: int) -> None:
    body = {"code": code, "detail": detail, "status": status, "retry_after": wait}
    headers = {"Content-Type": "application/problem+json", "Retry-After": str(wait)}
    route.fulfill(status=status, headers=headers, body=json.dumps(body))


def test_a_wait_after_wrong_passwords_is_told_in_words_at_once(
    owner: Person, new_tab: NewTab
) -> None:
    page = new_tab()
    tries: list[str] = []

    def refuse(route: Route) -> None:
        tries.append(route.request.method)
        fulfill_with(route, 429, "auth.too_many_tries", "Too many tries", 15)

    page.route("**/v1/auth/login", refuse)
    page.goto(f"{owner.url}/login")
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Too many tries. Wait 15 seconds.", timeout=3000)
    expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    page.unroute("**/v1/auth/login", refuse)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Three steps to your first conversation")).to_be_visible()
    assert tries == ["POST"]


def test_a_limit_of_mails_is_told_with_its_reason(desk: Page, owner: Person) -> None:
    desk.route(
        "**/v1/users",
        lambda route: (
            fulfill_with(
                route, 429, "member.too_many_invitations", "This address has had several", 3600
            )
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    desk.goto(f"{owner.url}/settings/team")
    desk.get_by_role("button", name="Invite").click()
    desk.get_by_label("E-mail").fill("ben@example.com")
    desk.get_by_role("button", name="Send invitation").click()
    expect(desk.get_by_role("alert")).to_have_text(
        "This address has had several. Try again in 60 minutes."
    )


def test_an_invitation_is_sent_again_from_where_it_stands(desk: Page, owner: Person) -> None:
    email = f"late-{owner.email}"
    owner.ask("POST", "/v1/users", {"email": email, "role": "admin"})
    former = link_to(owner.url, email, "/invitations/")
    desk.goto(f"{owner.url}/settings/team")
    desk.get_by_role("button", name=f"Send the invitation to {email} again").click()
    expect(desk.get_by_text(f"The link for {email} is on this machine's mail page")).to_be_visible()
    assert until(lambda: link_to(owner.url, email, "/invitations/") != former)
    (row,) = [one for one in owner.ask("GET", "/v1/users")["data"] if one["email"] == email]
    assert (row["role"], row["state"]) == ("admin", "invited")


def test_a_reset_link_that_doesnt_work_leads_to_another_one(owner: Person, new_tab: NewTab) -> None:
    page = new_tab()
    page.goto(f"{owner.url}/reset/used-before")
    page.get_by_label("New password", exact=True).fill("another long sentence")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This link was used")
    page.get_by_role("link", name="Send another link").click()
    expect(page.get_by_role("heading")).to_have_text("Reset your password")


def test_confirming_anothers_address_says_that_it_isnt_ones_own(
    foyer: LocalFoyer, owner: Person, new_tab: NewTab
) -> None:
    page = new_tab()
    page.goto(f"{foyer.url}/signup")
    page.get_by_label("Your name").fill("Ben Ng")
    page.get_by_label("Workspace name").fill("Other")
    mine = f"ben-{owner.email}"
    page.get_by_label("E-mail").fill(mine)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Three steps to your first conversation")).to_be_visible()
    theirs = f"cleo-{owner.email}"
    body = {"email": theirs, "password": PASSWORD, "name": "Cleo", "workspace_name": "Third"}
    page.request.post(f"{foyer.url}/v1/auth/signup", data=body)
    page.goto(f"{foyer.url}/verify/{link_to(foyer.url, theirs, '/verify/')}")
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("status")).to_have_text(
        f"It isn't {mine}, with which you are signed in here."
    )
    page.get_by_role("link", name="Go to conversations").click()
    expect(page.get_by_text("Confirm your e-mail address to invite colleagues")).to_be_visible()


def test_each_page_before_signing_in_names_itself_in_the_tab(
    foyer: LocalFoyer, new_tab: NewTab
) -> None:
    page = new_tab()
    for path, title in (
        ("/login", "Welcome back"),
        ("/forgot", "Reset your password"),
        ("/reset/x", "Choose a new password"),
        ("/verify/x", "Confirm your e-mail address"),
        ("/invitations/x", "This invitation no longer works"),
    ):
        page.goto(foyer.url + path)
        expect(page).to_have_title(f"{title} · Foyer")


def test_what_is_wrong_with_a_field_is_said_in_a_sentence(desk: Page, owner: Person) -> None:
    desk.goto(f"{owner.url}/settings/profile")
    desk.get_by_label("Current password").fill("not this one")
    desk.get_by_label("New password", exact=True).fill("another long sentence")
    desk.get_by_role("button", name="Change password").click()
    expect(desk.get_by_text("This is not your password.", exact=True)).to_be_visible()
    desk.get_by_label("Current password").fill(PASSWORD)
    desk.get_by_label("New password", exact=True).fill("1234567890")
    desk.get_by_role("button", name="Change password").click()
    expect(desk.get_by_text("This is too easy to guess.", exact=True)).to_be_visible()

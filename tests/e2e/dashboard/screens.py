"""Every screen of the dashboard one after the other, in any language: by addresses and keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.e2e.dashboard.people import Customer, Person

SIGNED_OUT = (
    "/login",
    "/signup",
    "/forgot",
    "/reset/x",
    "/reset",
    "/invitations/x",
    "/verify/x",
)
OVERLAYS = {"z": "snooze", "a": "assign", "?": "keys", "Control+k": "palette"}
PLACES = ("/contacts", "/settings/profile", "/nowhere", "/conversations/cnv_none")


def furnish(owner: Person) -> list[Customer]:
    """A workspace in which every screen has something to say."""
    customers = [owner.customer(name).write("123") for name in ("Ann", "Ben", "Cleo")]
    charles = owner.colleague("Charles Babbage")
    ann, ben, cleo = (one.conversation for one in customers)
    for conversation, action, body in (
        (ann, "assign", {"assignee_id": charles.session["user"]["id"]}),
        (ann, "assign", {"assignee_id": None}),
        (ann, "close", {}),
        (ann, "open", {}),
        (ben, "snooze", {"until": None}),
        (cleo, "close", {}),
    ):
        owner.ask("POST", f"/v1/conversations/{conversation}/{action}", body)
    owner.ask("POST", "/v1/workspace/identity-secrets")
    email = f"{secrets.token_hex(6)}@example.com"
    owner.ask("POST", "/v1/users", {"email": email, "role": "admin"})
    return customers


def pages_for_strangers(page: Page, url: str) -> Iterator[str]:
    """The pages for strangers, and what each says of an empty form."""
    for path in SIGNED_OUT:
        page.goto(url + path)
        page.get_by_role("heading", level=1).wait_for()
        yield path
        submit = page.locator("button[type=submit]")
        if submit.count() > 0:
            submit.click()
            page.locator("[aria-invalid=true], .failure").first.wait_for()
            yield f"{path}, refused"


def every_screen(page: Page, owner: Person, customers: list[Customer]) -> Iterator[str]:
    """The lists, a conversation and what opens over it, the places, and their questions."""
    for query in ("", "?status=snoozed", "?status=closed", "?status=all", "?assignee=me"):
        go(page, owner, f"/conversations{query}")
        page.locator(".row, .empty").first.wait_for()
        yield f"conversations {query}"
    for customer in customers:
        go(page, owner, f"/conversations/{customer.conversation}?status=all")
        page.locator(".bubble").first.wait_for()
        yield f"conversation with {customer.name}"
    go(page, owner, f"/conversations/{customers[0].conversation}")
    page.locator(".bubble").first.wait_for()
    if page.locator(".events-more").count() > 0:
        page.locator(".events-more").click()
    yield "events"
    for key, name in OVERLAYS.items():
        page.keyboard.press(key)
        page.locator("dialog").wait_for()
        yield name
        page.keyboard.press("Escape")
    yield from choosing(page, owner)
    go(page, owner, "/visitors")
    page.locator(".visitor, .empty").first.wait_for()
    yield "visitors"
    if page.locator(".visitor").count() > 0:
        page.locator(".visitor-actions .icon-button").first.click()
        page.locator(".menu").wait_for()
        yield "menu of a visitor"
        page.keyboard.press("Escape")
        page.locator(".visitor-actions .button").first.click()
        page.locator("dialog").wait_for()
        yield "writing first"
        page.keyboard.press("Escape")
    for path in PLACES:
        go(page, owner, path)
        page.locator("h1, h2").first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        yield path
    go(page, owner, "/contacts")
    page.locator(".contact a").first.click()
    page.locator(".profile").wait_for()
    yield "profile of a contact"
    yield from team_and_widget(page, owner)


def choosing(page: Page, owner: Person) -> Iterator[str]:
    """Menus, a time of one's own, and what stands at the bottom when something is done."""
    page.locator(".thread-head [aria-haspopup=menu]").last.click()
    page.locator(".menu").wait_for()
    yield "menu of a conversation"
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    page.locator(".palette-item").last.click()
    page.locator("form#snooze-time").wait_for()
    page.locator("form#snooze-time input").fill("2020-01-01T09:00")
    page.locator(".field-error").wait_for()
    yield "a time that is past"
    page.keyboard.press("Escape")
    page.locator(".composer .icon-button").first.click()
    page.locator(".emoji").wait_for()
    yield "emoji"
    page.keyboard.press("Escape")
    page.locator(".composer-text").fill("x" * 9_900)
    page.locator(".composer-left").wait_for()
    yield "a long reply"
    page.locator(".composer-text").fill("")
    page.locator(".composer-text").blur()
    page.keyboard.press("e")
    page.locator(".toast").wait_for()
    yield "closed"
    page.keyboard.press("u")
    go(page, owner, "/conversations")
    if page.locator(".rail-me").is_visible():
        for opener in (".rail-me", ".workspace-mark"):
            page.locator(opener).click()
            page.locator(".menu").wait_for()
            yield opener
            page.keyboard.press("Escape")


def team_and_widget(page: Page, owner: Person) -> Iterator[str]:
    """The settings of the workspace, and what is asked there."""
    go(page, owner, "/settings/team")
    page.locator(".member").first.wait_for()
    yield "team"
    page.locator(".section-head .button").click()
    page.locator("form#invite").wait_for()
    page.keyboard.press("Enter")
    page.locator(".field-error").wait_for()
    yield "invitation"
    page.keyboard.press("Escape")
    page.locator(".member .icon-button").last.click()
    page.locator("dialog").wait_for()
    yield "removal"
    page.keyboard.press("Escape")
    go(page, owner, "/settings/widget")
    page.locator(".secret").wait_for()
    yield "widget"
    for opener in (".card .button", ".secret .icon-button:last-child"):
        page.locator(opener).first.click()
        page.locator("dialog").wait_for()
        yield f"question of {opener}"
        page.keyboard.press("Escape")


def go(page: Page, owner: Person, path: str) -> None:
    """Open an address; what is over the page goes with the former one."""
    page.goto(owner.url + path)
    page.locator(".rail").wait_for(state="attached")

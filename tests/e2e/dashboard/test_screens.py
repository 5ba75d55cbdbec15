"""Every screen, for everybody: by axe, on a phone, in right-to-left text, and when things fail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Customer, Person, until
from tests.e2e.widget.chat import axe_violations

# Visible parts that reach over the window's right edge, where nothing scrolls to them.
_STICKING_OUT = """() => [...document.querySelectorAll("button, input, a, h1, h2, section, pre, p")]
  .filter((one) => one.checkVisibility() && !one.closest(".tabs, .settings-nav, .truncate > *"))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width > 0 && box.right > innerWidth + 1)
  .map(([box, one]) => one.outerHTML.slice(0, 80))"""
LONG = "Maximiliane-Charlotte von Hohenlohe-Langenburg-Schillingsfürst zu Waldenburg"


@pytest.fixture
def customers(owner: Person) -> list[Customer]:
    """Names and texts that break layouts."""
    told = {
        "محمد العلي": "مرحبا، لا أستطيع تسجيل الدخول إلى حسابي.",
        "田中さくら": "請求書の宛名を変更したいのですが。",
        LONG: "Averyveryverylongwordwithoutanyspaces" * 6,
        "🦊 Foxy": "**bold** `code`\n> quote\n- one\n- two\nhttps://example.com/a?b=1",
    }
    return [owner.customer(name).write(text) for name, text in told.items()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_signing_in(
    foyer: LocalFoyer, new_tab: NewTab, scheme: str
) -> None:
    page = new_tab(color_scheme=scheme)
    for path in (
        "/login",
        "/signup",
        "/forgot",
        "/reset/x",
        "/reset",
        "/invitations/x",
        "/verify/x",
    ):
        page.goto(foyer.url + path)
        page.get_by_role("heading", level=1).wait_for()
        assert axe_violations(page) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(
    owner: Person, customers: list[Customer], new_tab: NewTab, scheme: str
) -> None:
    page = owner.sit_down(new_tab(color_scheme=scheme))
    expect(page.locator(".row")).to_have_count(4)
    assert axe_violations(page) == [], "list"
    page.locator(".row-link").first.click()
    page.get_by_text("This is their first").wait_for()
    assert axe_violations(page) == [], "conversation"
    for key in ("x", "z", "a", "?", "Control+k"):
        page.keyboard.press(key)
        assert until(lambda: page.evaluate("document.getAnimations().length === 0"))
        assert axe_violations(page) == [], key
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Your menu").click()
    assert axe_violations(page) == [], "menu"
    page.keyboard.press("Escape")
    for path, sign in (
        ("/visitors", "Nobody is on your site right now"),
        ("/contacts", LONG),
        ("/settings/profile", "Desktop notifications"),
        ("/settings/team", "Ada Lovelace (you)"),
        ("/settings/widget", "The real widget with your saved settings"),
        ("/nowhere", "There is nothing here"),
    ):
        page.goto(owner.url + path)
        page.get_by_text(sign).first.wait_for()
        assert axe_violations(page) == [], path
    page.goto(f"{owner.url}/contacts")
    page.locator(".contact").first.click()
    page.get_by_label("Phone").wait_for()
    assert axe_violations(page) == [], "profile"


@pytest.mark.parametrize("width", [320, 390, 720, 1024, 1440])
def test_nothing_is_wider_than_the_window(
    owner: Person, customers: list[Customer], new_tab: NewTab, width: int
) -> None:
    owner.ask("POST", "/v1/workspace/identity-secrets")
    page = owner.sit_down(new_tab(width))
    expect(page.locator(".row")).to_have_count(4)
    conversation = f"/conversations/{customers[2].conversation}"
    for path in ("", conversation, "/visitors", "/contacts", "/settings/team", "/settings/widget"):
        page.goto(owner.url + (path or "/conversations"))
        page.get_by_role("heading").first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        if path == "/settings/widget":
            page.locator(".secret").wait_for()
        # The page itself never scrolls, so what sticks out is looked for one by one.
        assert page.evaluate(_STICKING_OUT) == [], path


def test_on_a_phone_there_is_one_pane_and_a_way_back(
    owner: Person, customers: list[Customer], new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab(390, 844, has_touch=True, is_mobile=True))
    page.get_by_role("link", name="🦊 Foxy").tap()
    expect(page.locator(".list")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_placeholder("Write a reply…").fill("Hello Foxy")
    page.get_by_role("button", name="Send", exact=True).tap()
    assert until(lambda: customers[3].hears() == ["Hello Foxy"])
    page.get_by_role("button", name="Details").tap()
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()
    page.get_by_role("complementary").get_by_role("button", name="Close").tap()
    page.get_by_role("button", name="Back to the list").tap()
    expect(page.locator(".row")).to_have_count(4)
    page.go_back()
    expect(page.get_by_role("log")).to_contain_text("Hello Foxy")


@pytest.mark.parametrize("width", [390, 1024])
def test_a_conversations_head_leaves_the_name_most_of_its_width(
    owner: Person, customers: list[Customer], new_tab: NewTab, width: int
) -> None:
    page = owner.sit_down(new_tab(width), f"/conversations/{customers[2].conversation}")
    page.get_by_role("button", name="Claim").wait_for()
    title = page.locator(".thread-title").bounding_box()
    assert title
    assert title["width"] > 120
    page.get_by_role("button", name="Details").click()
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()
    if width == 1024:
        # Over the timeline, but never over what can be done with the conversation.
        page.locator(".thread-head").get_by_role("button", name="Close").click()
        assert until(lambda: owner.status(customers[2]) == "closed")


def test_each_paragraph_runs_in_its_own_direction(
    desk: Page, owner: Person, customers: list[Customer]
) -> None:
    desk.goto(f"{owner.url}/conversations/{customers[0].conversation}")
    paragraph = desk.get_by_role("log").locator("p[dir=auto]").first
    paragraph.wait_for()
    assert paragraph.evaluate("(p) => getComputedStyle(p).direction") == "rtl"


def test_what_cannot_be_loaded_says_so_and_is_tried_again(owner: Person, new_tab: NewTab) -> None:
    owner.customer("Anna").write("Hello?")
    page = new_tab()
    page.route("**/v1/conversations?*", lambda route: route.fulfill(status=422, body="{}"))
    # A socket that says nothing: what it confirms is fetched anew by itself.
    page.route_web_socket("**", lambda _: None)
    owner.sit_down(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This couldn't be loaded")
    page.unroute("**/v1/conversations?*")
    alert.get_by_role("button", name="Try again").click()
    expect(page.locator(".row")).to_contain_text("Hello?")


def test_a_refused_change_is_put_right_and_told(desk: Page, owner: Person) -> None:
    owner.customer("Anna").write("Hello?")
    refusal = '{"code": "x.y", "title": "No", "detail": "Not today."}'
    desk.route("**/close", lambda route: route.fulfill(status=409, body=refusal))
    desk.locator(".row-link").click()
    desk.keyboard.press("e")
    expect(desk.get_by_text("Close didn't work: Not today.")).to_be_visible()
    expect(desk.locator(".row")).to_have_count(1)


def test_settings_save_as_one_goes_and_the_preview_is_the_real_widget(
    desk: Page, owner: Person
) -> None:
    desk.goto(f"{owner.url}/settings/widget")
    desk.get_by_label("Greeting").fill("Hello from the kiln")
    desk.keyboard.press("Tab")
    expect(desk.locator(".saved-saved")).to_contain_text("Saved")
    assert owner.ask("GET", "/v1/workspace")["widget"]["greeting"] == "Hello from the kiln"
    preview = desk.frame_locator("iframe[title=Preview]").frame_locator("foyer-widget iframe")
    expect(preview.get_by_text("Hello from the kiln")).to_be_visible()
    desk.get_by_role("button", name="Add secret").click()
    desk.get_by_role("button", name="Show", exact=True).click()
    secret = owner.ask("GET", "/v1/workspace")["identity"]["secrets"][0]["secret"]
    expect(desk.get_by_text(secret)).to_be_visible()


def test_the_widgets_key_is_replaced_after_a_question(desk: Page, owner: Person) -> None:
    former = owner.ask("GET", "/v1/workspace")["widget_key"]
    desk.goto(f"{owner.url}/settings/widget")
    desk.get_by_role("button", name="Replace the key").click()
    expect(desk.get_by_role("dialog")).to_contain_text("This can't be undone")
    assert axe_violations(desk) == []
    desk.get_by_role("dialog").get_by_role("button", name="Replace the key").click()
    expect(desk.get_by_text("put the new line on your pages")).to_be_visible()
    key = owner.ask("GET", "/v1/workspace")["widget_key"]
    assert key != former
    expect(desk.locator(".snippet")).to_contain_text(key)


def test_a_contact_is_found_and_corrected(
    desk: Page, owner: Person, customers: list[Customer]
) -> None:
    desk.goto(f"{owner.url}/contacts")
    desk.locator(".contact", has_text="🦊 Foxy").click()
    desk.get_by_label("E-mail").fill("foxy@example.com")
    desk.keyboard.press("Enter")
    expect(desk.locator(".saved-saved")).to_be_visible()
    desk.get_by_role("button", name="All contacts").click()
    desk.get_by_role("searchbox", name="Search contacts").fill("foxy@")
    expect(desk.locator(".contact")).to_have_count(1)
    expect(desk.locator(".contact")).to_contain_text("foxy@example.com")


def test_a_contact_is_found_by_the_name_its_browser_gave(
    desk: Page, customers: list[Customer]
) -> None:
    desk.keyboard.press("g")
    desk.keyboard.press("o")
    desk.get_by_role("searchbox", name="Search contacts").fill("hohenlohe")
    expect(desk.locator(".contact")).to_have_count(1)
    expect(desk.locator(".contact")).to_contain_text(LONG)

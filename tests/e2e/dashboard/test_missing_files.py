"""Files that an update took away, or that don't arrive: a sentence, a way on, no endless loop."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person

GERMAN, ALL_TEXTS = "**/assets/de-*.js", "**/assets/*-*.js"
# Long waits are noted, beyond the page that waits, and are a twentieth as long.
_HURRY = """{
  const real = setTimeout;
  window.setTimeout = (run, ms, ...more) => {
    if (ms === 3000 || ms === 30000) sessionStorage.waits = `${sessionStorage.waits ?? ""} ${ms}`;
    return real(run, ms / 20, ...more);
  };
}"""
SCREEN = "**/assets/ContactsPage-*"


def _answer_404(route: Route) -> None:
    route.fulfill(status=404, body="There is nothing here.")


def _without_texts(route: Route) -> None:
    name = route.request.url.rpartition("/")[2]
    _answer_404(route) if name.startswith(("en-", "de-")) else route.continue_()


def _loads(page: Page) -> list[str]:
    loads: list[str] = []
    page.on("request", lambda one: loads.append(one.url) if one.is_navigation_request() else None)
    return loads


def test_where_a_language_cannot_be_fetched_english_is_spoken(
    owner: Person, new_tab: NewTab
) -> None:
    page = new_tab(locale="de-DE")
    loads = _loads(page)
    page.route(GERMAN, _answer_404)
    page.goto(f"{owner.url}/login")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    owner.sit_down(page)
    page.get_by_role("link", name="Contacts").click()
    expect(page.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    page.unroute(GERMAN)
    page.reload()
    expect(page.get_by_role("link", name="Kontakte")).to_be_visible()
    names = [url.rpartition("/")[2] for url in loads]
    assert names == ["login", "conversations", "contacts"], "nothing was loaded anew but by us"


def test_where_no_texts_can_be_fetched_it_says_so_and_comes_back_by_itself_ever_more_seldom(
    owner: Person, new_tab: NewTab
) -> None:
    page = new_tab()
    page.add_init_script(_HURRY)
    page.route(ALL_TEXTS, _without_texts)
    page.goto(f"{owner.url}/login")
    expect(page.get_by_text("can't be loaded just now")).to_be_visible()
    page.wait_for_function("() => sessionStorage.waits?.split(' ').length > 3")
    assert page.evaluate("sessionStorage.waits").split()[:3] == ["3000", "30000", "30000"]
    page.unroute(ALL_TEXTS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


def test_a_screen_whose_file_is_gone_says_so_and_is_there_when_the_page_is_loaded_anew(
    owner: Person, new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab())
    loads = _loads(page)
    for suffix in ("js", "css"):
        page.route(f"{SCREEN}.{suffix}", _answer_404)
        page.get_by_role("link", name="Contacts").click()
        expect(page.get_by_text("couldn't be loaded")).to_be_visible()
        assert loads == []
        page.unroute(f"{SCREEN}.{suffix}")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("No contacts yet")).to_be_visible()
        page.get_by_role("link", name="Conversations").click()
        page.reload()
        loads.clear()

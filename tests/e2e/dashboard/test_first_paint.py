"""How many answers the first page waits for, one after the other: on a slow line each costs a trip.

Three: the page itself, what it names, and what the first file then asks for all at once.
"""

from __future__ import annotations

import re
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from infra.local.testing import LocalFoyer
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person

_WITHIN_MS = 12_000
LANGUAGES = [("en-GB", "en"), ("de-AT", "de")]


class SlowLine:
    """Answers a tab the page and the files that it names, and holds whatever else is asked for."""

    def __init__(self, page: Page, url: str) -> None:
        with urllib.request.urlopen(url) as answer:
            html = answer.read().decode()
        self._page = page
        self._now = {"/", *re.findall(r'(?:src|href)="(/[^"]+)"', html)}
        self._held: dict[str, list[Route]] = {}
        self._is_over = False
        page.route("**/*", self._hold)

    @property
    def asked(self) -> set[str]:
        """What waits for its answer: of a file `Name.js`, of the API the path."""
        return set(self._held)

    def wait_for(self, *names: str) -> None:
        """Wait until all of these have been asked for, while none is answered."""
        left = _WITHIN_MS
        while left > 0 and not self.asked.issuperset(names):
            self._page.wait_for_timeout(50)
            left -= 50
        assert set(names) - self.asked == set()

    def answer(self, *names: str) -> None:
        """Answer what was asked for under these names, and hold what is asked for afterwards."""
        for name in names:
            for route in self._held.pop(name, []):
                route.continue_()

    def end(self) -> None:
        """Hold nothing any more."""
        self._is_over = True
        self.answer(*self.asked)

    def _hold(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if self._is_over or route.request.is_navigation_request() or path in self._now:
            route.continue_()
            return
        name = re.sub(r"^/assets/(.+)-[\w-]{8}(\.\w+)$", r"\1\2", path)
        self._held.setdefault(name, []).append(route)


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
def test_the_first_row_waits_for_three_answers_one_after_the_other(
    owner: Person, new_tab: NewTab, locale: str, language: str
) -> None:
    owner.customer("Anna").write("Hello?")
    page = new_tab(locale=locale)
    owner.sign_in_on(page)
    line = SlowLine(page, owner.url)
    page.goto(f"{owner.url}/conversations", wait_until="commit")
    everywhere, words = f"{language}-everywhere.js", f"{language}-conversations.js"
    shared = ("common.js", "contacts.js", "visitors.js")
    code = (*shared, "start.js", "Conversations.js", "Conversations.css")
    first = (*code, words, f"{language}-contacts.js", "/v1/conversations")
    line.wait_for(everywhere, *first)
    # What isn't needed yet takes nothing of the line.
    assert "AuthPages.js" not in line.asked
    line.answer(everywhere)
    expect(page.locator(".rail")).to_be_visible()
    line.answer(*first)
    expect(page.locator(".row")).to_have_count(1)
    line.end()


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
def test_the_form_to_sign_in_waits_for_three_answers_one_after_the_other(
    foyer: LocalFoyer, new_tab: NewTab, locale: str, language: str
) -> None:
    page = new_tab(locale=locale)
    line = SlowLine(page, foyer.url)
    page.goto(foyer.url, wait_until="commit")
    needed = {f"{language}-everywhere.js", f"{language}-auth.js", "AuthPages.js", "AuthPages.css"}
    needed |= {"common.js", "auth.js"}
    line.wait_for(*needed)
    assert {one for one in line.asked if one.startswith("/v1") or "onversations" in one} == set()
    line.answer(*needed)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    line.end()

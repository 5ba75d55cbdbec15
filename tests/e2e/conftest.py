"""A machine, a browser and a foreign site for the whole run; contexts and workspaces per test."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from infra.local.settings import ROOT
from infra.local.testing import LocalFoyer
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.support.privacy import leaks
from tests.support.shared import Shared

# The names that `.ci/browser` looks for; without one of them, Playwright's own.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for path in map(shutil.which, _NAMES) if path), None)
SWITCHES = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def front_ends() -> None:
    """The front ends' files, built when they aren't there."""
    for workspace in ("widget", "dashboard"):
        if not list((ROOT / workspace / "dist").glob("*.html")):
            subprocess.run(
                ["npm", "run", "build", "-w", workspace], cwd=ROOT, check=True, timeout=180
            )


@contextmanager
def _launch() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()


# Playwright runs once in a process, whoever's fixtures these become.
_MACHINE = Shared(partial(LocalFoyer, env={"FOYER_MAILS_PER_DAY": "100000"}))
_BROWSER = Shared(_launch)


@pytest.fixture(scope="session")
def foyer(front_ends: None) -> Iterator[LocalFoyer]:
    """A whole machine, empty, in a folder of its own, whose log names nobody in the end."""
    with _MACHINE as machine:
        yield machine
        assert leaks(machine) == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or Playwright's."""
    with _BROWSER as launched:
        yield launched


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes browser contexts (another person's browser each), closed at the end."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"locale": "en-GB", **options})  # type: ignore[arg-type]  # options are playwright's own
        context.set_default_timeout(15_000)
        made.append(context)
        return context

    yield make
    for context in made:
        close(context)


def close(context: BrowserContext) -> None:
    """Close it once nothing is on its way: amid a navigation Chromium may never answer."""
    for page in context.pages:
        with suppress(Error):
            page.goto("about:blank")
    context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A tab of a fresh browser, 1440 by 900."""
    return new_context(viewport={"width": 1440, "height": 900}).new_page()


@pytest.fixture
def operator(foyer: LocalFoyer) -> Operator:
    """The owner of a workspace that nobody else uses."""
    return Operator.signed_up(foyer.url)


@pytest.fixture
def host(foyer: LocalFoyer) -> Iterator[HostSite]:
    """A site of another origin."""
    with HostSite(foyer.url) as site:
        yield site

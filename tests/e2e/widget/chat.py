"""The widget as a visitor sees it: launcher on the page, chat in the frame."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page

from infra.local.settings import ROOT

_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


class Chat:
    """One tab with the widget on it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def visit(self, url: str) -> Chat:
        """Go to a page that has the widget, and wait until it knows its visitor."""
        self.page.goto(url)
        self.page.wait_for_function(
            """() => Object.keys(localStorage).some(
                 (key) => key.startsWith("foyer:2:") && JSON.parse(localStorage[key]).secret)"""
        )
        return self

    @property
    def launcher(self) -> Locator:
        return self.page.locator("foyer-widget #launcher")

    @property
    def badge(self) -> Locator:
        return self.page.locator("foyer-widget #launcher span")

    @property
    def preview(self) -> Locator:
        return self.page.locator("foyer-widget #preview")

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("foyer-widget iframe")

    @property
    def composer(self) -> Locator:
        return self.frame.get_by_role("textbox")

    @property
    def log(self) -> Locator:
        return self.frame.get_by_role("log")

    @property
    def bubbles(self) -> Locator:
        return self.frame.locator(".bubble")

    @property
    def banner(self) -> Locator:
        return self.frame.locator(".banner")

    def open(self) -> Chat:
        """Open the panel by the launcher."""
        self.launcher.click()
        self.frame.get_by_role("button", name="Send us a message").wait_for()
        return self

    def write(self, text: str) -> None:
        """Send a message in the conversation that is open."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def begin(self, text: str) -> None:
        """Start a new conversation, from the home screen, and wait until it was sent."""
        self.frame.get_by_role("button", name="Send us a message").click()
        self.write(text)
        self.mark("Delivered", "Sent", "Read").wait_for()

    def mark(self, *words: str) -> Locator:
        """The state below the last message of the visitor's own."""
        return self.frame.locator(".mine .meta").filter(has_text=re.compile("|".join(words))).last

    def back(self) -> None:
        self.frame.get_by_role("button", name="Back").click()

    def secret(self) -> str:
        """What the host's storage knows the visitor by."""
        return str(
            self.page.evaluate(
                """() => JSON.parse(localStorage[Object.keys(localStorage).find(
                     (key) => key.startsWith("foyer:2:"))]).secret"""
            )
        )


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds in every frame of a page: "rule: selector" each."""
    found: list[str] = []
    source = Path(_AXE).read_text()
    for frame in page.frames:
        frame.evaluate(source)
        found += frame.evaluate(
            """async () => (await axe.run(document, { iframes: false })).violations.flatMap(
                 ({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
                   `${id}: ${JSON.stringify(target)} ${failureSummary}`))"""
        )
    return found

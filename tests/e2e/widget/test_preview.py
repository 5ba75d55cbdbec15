"""The dashboard's live preview: the real widget, and nobody on the site because of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.dashboard.people import Person


def test_the_settings_preview_follows_what_is_saved_and_puts_nobody_online(
    page: Page, foyer: LocalFoyer
) -> None:
    owner = Person.signed_up(foyer.url)
    asked: list[str] = []
    sockets: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.on("websocket", lambda socket: sockets.append(socket.url))
    owner.sit_down(page, "/settings/widget")
    preview = page.get_by_title("Preview").content_frame
    widget = preview.frame_locator("foyer-widget iframe")
    expect(widget.get_by_role("heading", name="Hi")).to_be_visible()
    expect(page.locator("body")).to_be_focused()
    greeting = page.get_by_label("Greeting")
    greeting.fill("Welcome to the kiln")
    greeting.press("Tab")
    expect(widget.get_by_role("heading", name="Welcome to the kiln")).to_be_visible()
    expect(page.locator("iframe")).not_to_be_focused()
    widget.get_by_role("button", name="This Saturday").click()
    expect(widget.locator(".bubble")).to_have_count(3)
    expect(widget.get_by_role("log")).to_contain_text(owner.name)
    widget.get_by_role("textbox").fill("Who reads this?")
    expect(widget.get_by_role("button", name="Send")).to_be_disabled()
    widget.get_by_role("button", name="Close").click()
    expect(preview.locator("foyer-widget #launcher")).to_be_visible()
    assert [path for path in asked if path.startswith("/v1/widget")] == []
    assert len(sockets) == 1  # the operator's own
    assert owner.ask("GET", "/v1/visitors")["data"] == []
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('foyer:'))")
    assert kept == []

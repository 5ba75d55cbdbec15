"""Keys that belong to an input method (Japanese, Chinese, Korean …) do nothing of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person, until

# As Chromium and Firefox tell of such a key, and as Safari does: after the composition.
_WAYS = [{"isComposing": True}, {"keyCode": 229}]


@pytest.mark.parametrize("way", _WAYS, ids=["composing", "229"])
def test_the_enter_that_takes_what_is_proposed_does_nothing_else(
    owner: Person, new_tab: NewTab, way: dict[str, object]
) -> None:
    anna = owner.customer("Anna").write("こんにちは")
    desk = owner.sit_down(new_tab(), f"/conversations/{anna.conversation}")
    reply = desk.get_by_placeholder("Write a reply…")
    reply.fill("にほん")
    _press(reply, "Enter", way)
    expect(reply).to_have_value("にほん")
    desk.keyboard.press("Control+k")
    command = desk.get_by_role("combobox")
    command.fill("Settings")
    _press(command, "Enter", way)
    expect(command).to_be_visible()
    desk.keyboard.press("Escape")
    reply.press("Enter")
    expect(desk.get_by_role("log")).to_contain_text("にほん")
    assert until(anna.hears) == ["にほん"]


@pytest.mark.parametrize("way", _WAYS, ids=["composing", "229"])
def test_the_escape_that_drops_what_is_proposed_takes_back_nothing_else(
    owner: Person, new_tab: NewTab, way: dict[str, object]
) -> None:
    desk = owner.sit_down(new_tab(), "/settings/profile")
    name = desk.get_by_label("Name", exact=True)
    name.fill("山田")
    _press(name, "Escape", way)
    _press(name, "Enter", way)
    expect(name).to_have_value("山田")
    assert owner.ask("GET", "/v1/me")["user"]["name"] == owner.name


def _press(field: Locator, key: str, way: dict[str, object]) -> None:
    field.dispatch_event("keydown", {"key": key, "bubbles": True, "cancelable": True, **way})

"""What lies over a page, by keyboard alone: kept in it, out by Escape, and back where one was."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Customer, Person, until
from tests.e2e.widget.chat import axe_violations


@pytest.fixture
def anna(owner: Person) -> Customer:
    """Has written."""
    return owner.customer("Anna").write("Hello?")


@dataclass(frozen=True)
class Layer:
    """A button's name, where it is, and what it opens."""

    button: str
    path: str = "/conversations"
    role: str = "menu"
    is_shared: bool = False
    """Whether it is there only beside colleagues."""


MENUS = (
    Layer("Workspace Kiln & Ash, switch"),
    Layer("Your menu, Ada Lovelace"),
    Layer("A colleague's", is_shared=True),
    Layer("Order: Latest activity"),
    Layer("Assign", "/conversations/{anna}"),
    Layer("Snooze", "/conversations/{anna}"),
)
MODALS = (
    Layer("Search and commands", role="dialog"),
    Layer("Invite", "/settings/team", "dialog"),
    Layer("Remove Bo Larsen", "/settings/team", "dialog"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("layer", MENUS, ids=lambda layer: layer.button)
def test_a_menu_opens_moves_and_gives_the_focus_back(
    owner: Person, anna: Customer, new_tab: NewTab, layer: Layer, scheme: str
) -> None:
    page, button = _reach(owner, anna, new_tab(color_scheme=scheme), layer)
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu")
    items = menu.locator("button")
    expect(items.first).to_be_focused()
    assert axe_violations(page) == []
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("layer", MODALS, ids=lambda layer: layer.button)
def test_a_dialogue_keeps_the_focus_and_gives_it_back(
    owner: Person, anna: Customer, new_tab: NewTab, layer: Layer, scheme: str
) -> None:
    owner.colleague("Bo Larsen")
    page, button = _reach(owner, anna, new_tab(color_scheme=scheme), layer)
    page.keyboard.press("Enter")
    _is_a_trap(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_key_opens_escape_closes_and_the_reply_field_has_the_focus_again(
    owner: Person, anna: Customer, new_tab: NewTab, scheme: str
) -> None:
    page = owner.sit_down(new_tab(color_scheme=scheme), f"/conversations/{anna.conversation}")
    log = page.get_by_role("log")
    expect(log).to_contain_text("Hello?")
    for key in ("?", "z", "a", "Control+k"):
        log.focus()
        page.keyboard.press(key)
        _is_a_trap(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(log).to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_placeholder("Write a reply…")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_placeholder("Write a reply…")).to_be_focused()


def test_a_time_of_ones_own_is_chosen_without_the_mouse(
    owner: Person, anna: Customer, new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab(), f"/conversations/{anna.conversation}")
    expect(page.get_by_role("log")).to_contain_text("Hello?")
    page.keyboard.press("z")
    page.keyboard.type("choose")
    page.keyboard.press("Enter")
    dialogue = page.get_by_role("dialog", name="Snooze until a time of your own")
    expect(dialogue).to_be_visible()
    _is_a_trap(page)
    page.keyboard.press("Escape")
    expect(dialogue).to_have_count(0)


def test_emoji_are_found_and_put_in_without_the_mouse(
    owner: Person, anna: Customer, new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab(), f"/conversations/{anna.conversation}")
    button = page.get_by_role("button", name="Insert emoji")
    button.press("Enter")
    expect(page.get_by_placeholder("Find an emoji")).to_be_focused()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    reply = page.get_by_placeholder("Write a reply…")
    expect(reply).to_be_focused()
    assert until(lambda: reply.input_value() != "")


def test_the_palette_goes_to_every_page_of_the_settings(desk: Page, owner: Person) -> None:
    expect(desk.get_by_text("Three steps")).to_be_visible()
    for wanted in ("Profile", "Team", "Widget"):
        desk.keyboard.press("Control+k")
        desk.keyboard.type(f"go to {wanted.lower()}")
        desk.keyboard.press("Enter")
        expect(
            desk.get_by_role("main").get_by_role("heading", level=2, name=wanted)
        ).to_be_visible()


def _reach(owner: Person, anna: Customer, page: Page, layer: Layer) -> tuple[Page, Locator]:
    """The page with the layer's button, which has the focus."""
    if layer.is_shared:
        owner.colleague("Bo Larsen")
    owner.sit_down(page, layer.path.format(anna=anna.conversation))
    button = page.get_by_role("button", name=layer.button).first
    button.focus()
    expect(button).to_be_focused()
    return page, button


def _is_a_trap(page: Page) -> None:
    """The one open dialogue has the focus, and Tab doesn't lead out of it either way."""
    dialogue = page.get_by_role("dialog")
    expect(dialogue).to_be_visible()
    assert until(lambda: page.evaluate("document.getAnimations().length === 0"))
    assert axe_violations(page) == []
    # Past the last control the browser itself is next, which the page sees as its body.
    within = "document.activeElement.matches('body, dialog *')"
    for key in ("Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"):
        assert page.evaluate(within)
        page.keyboard.press(key)

    def is_inside() -> bool:
        # From the browser one comes back first: while it has the focus, the page can't give it.
        if page.evaluate("document.hasFocus() && document.activeElement.matches('dialog *')"):
            return True
        page.keyboard.press("Tab")
        return False

    assert until(is_inside)

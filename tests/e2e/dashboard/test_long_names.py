"""Names that are longer than their place, and states that aren't."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person

ARABIC = "محمد عبد الرحمن بن أبي بكر الخوارزمي المعروف بابن الخياط البغدادي"
# Whether the first sign of a text is in sight.
_BEGINS_IN_SIGHT = """(element) => {
  const first = document.createRange();
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  first.setStart(walk.nextNode(), 0);
  first.setEnd(walk.currentNode, 1);
  const { left, right } = first.getBoundingClientRect();
  const place = element.getBoundingClientRect();
  return place.left - 1 <= left && right <= place.right + 1;
}"""


def begins_in_sight(name: Locator) -> bool:
    """Whether one can read how a name begins."""
    return bool(name.evaluate(_BEGINS_IN_SIGHT))


@pytest.mark.parametrize("name", [ARABIC, "Donaudampfschifffahrtsgesellschaft " * 2])
@pytest.mark.parametrize("locale", ["de", "ar-XB"])
def test_a_long_name_is_cut_at_its_end_whichever_way_it_and_the_page_are_written(
    owner: Person, new_tab: NewTab, name: str, locale: str
) -> None:
    anna = owner.customer(name.strip()).write("Hello?")
    page = owner.sit_down(
        new_tab(800, 800, locale=locale), f"/conversations/{anna.conversation}?status=all"
    )
    page.locator(".message-meta time").wait_for()
    assert begins_in_sight(page.locator(".row-name"))
    assert begins_in_sight(page.locator(".thread-title h2"))
    page.goto(f"{owner.url}/contacts")
    page.locator(".contact").wait_for()
    assert begins_in_sight(page.locator(".contact .table-title"))


@pytest.mark.parametrize("width", [320, 390, 1024])
def test_a_closed_conversation_says_so_in_full_beside_any_name(
    owner: Person, new_tab: NewTab, width: int
) -> None:
    anna = owner.customer(ARABIC).write("Hello?")
    owner.ask("POST", f"/v1/conversations/{anna.conversation}/close")
    page = owner.sit_down(
        new_tab(width, 700, locale="de"), f"/conversations/{anna.conversation}?status=all"
    )
    state = page.locator(".thread-title .badge-text")
    expect(state).to_have_text("Geschlossen")
    assert state.evaluate("(text) => text.scrollWidth <= text.clientWidth")
    hint = page.locator(".composer-hint")
    lines = (
        "(hint) => hint.getClientRects()[0].height / parseFloat(getComputedStyle(hint).lineHeight)"
    )
    assert hint.evaluate(lines) < (2.5 if width == 320 else 1.5)

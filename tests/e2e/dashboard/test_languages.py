"""The dashboard in German, and in a language that nobody speaks: complete, whole, and turned."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from infra.local.settings import ROOT
from infra.local.testing import LocalFoyer
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Customer, Person
from tests.e2e.dashboard.screens import every_screen, furnish, pages_for_strangers
from tests.e2e.host import HostSite
from tests.e2e.widget.chat import Chat

LANGUAGES = ROOT / "dashboard/src/languages"
# What is to be read on a page: its texts, the names of its controls, its tips, its title.
_SAID = """() => {
  const found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement: by, data } = walk.currentNode;
    if (!by.closest("script, style, iframe, noscript") && data.trim()) found.push(data.trim());
  }
  for (const name of ["aria-label", "title", "placeholder", "data-tip"])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (!one.closest("iframe")) found.push(one.getAttribute(name));
  return [...new Set(found)].filter((text) => /\\p{L}{2}/u.test(text));
}"""
# What isn't translated: what people wrote and are called, keys, code, and what `Intl` writes.
_DATA = """(texts) => {
  const own = "time, kbd, code, bdi, option, dd, .bubble, .divider, .menu-note, .palette-note, " +
    ".cell-page *, .cell-from *";
  const theirs = new Set([...document.querySelectorAll(own)].flatMap((one) =>
    [one.textContent.trim(), one.getAttribute("title"), ...one.innerText.split("\\n")]));
  return texts.filter((text) => !theirs.has(text));
}"""
# Texts of ours that are cut, and whatever reaches over an edge of the window.
_BROKEN = """() => {
  const hidden = new Set();
  const broken = [];
  for (const one of document.querySelectorAll("body *")) {
    // In the order of the page: what is hidden from the eye comes before what is in it.
    const isHidden = hidden.has(one.parentElement) || getComputedStyle(one).clipPath !== "none";
    if (isHidden || one.matches(".tabs, .settings-nav, .skip, svg, iframe")) hidden.add(one);
    if (hidden.has(one) || !one.checkVisibility()) continue;
    const { left, right, width } = one.getBoundingClientRect();
    const { overflowX } = getComputedStyle(one);
    if (width > 1 && (right > innerWidth + 1 || left < -1)) broken.push(["out", one]);
    // A name may be of any length.
    const isText = !one.matches("bdi") &&
      [...one.childNodes].some((node) => node.nodeType === 3 && /⟦/u.test(node.data));
    const isOver = one.scrollWidth > one.clientWidth + 1;
    if (isOver && one.matches(".list, .thread, .details, .page-frame, .card, .modal, .popover"))
      broken.push(["over", one]);
    // What is too long for its place may be cut where the whole is told on hover.
    const tip = one.closest("[data-tip]")?.dataset.tip ?? "";
    if (isText && isOver && overflowX !== "visible" && !tip.includes(one.textContent))
      broken.push(["cut", one]);
  }
  return broken.map(([how, one]) => `${how}: ${one.outerHTML.slice(0, 160)}`);
}"""


def texts_of(language: str) -> set[str]:
    """Every text of a language's catalogues."""
    files: list[Path] = sorted((LANGUAGES / language).glob("*.ts"))
    assert len(files) > 5
    return {text for file in files for text in re.findall(r':\s+"([^"]+)"', file.read_text())}


@pytest.fixture(scope="module")
def is_english() -> Callable[[str], bool]:
    """Whether somebody would read this in English, and in no other language."""
    english = texts_of("en") - texts_of("de")
    assert len(english) > 300
    forms = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)) for text in english]
    return re.compile("|".join(forms)).fullmatch  # type: ignore[return-value]  # a match is true


@pytest.fixture
def customers(owner: Person, host: HostSite, new_tab: NewTab) -> list[Customer]:
    """Three, whose conversations are open, snoozed and closed; and somebody is on the site."""
    key = owner.ask("GET", "/v1/workspace")["widget_key"]
    Chat(new_tab()).visit(host.with_widget(key))
    return furnish(owner)


def test_no_screen_has_a_word_of_english_left_in_german(
    foyer: LocalFoyer,
    owner: Person,
    customers: list[Customer],
    new_tab: NewTab,
    is_english: Callable[[str], bool],
) -> None:
    page = new_tab(locale="de-AT")
    left = {
        screen: english
        for screen in pages_for_strangers(page, foyer.url)
        if (english := [text for text in page.evaluate(_SAID) if is_english(text)])
    }
    page = owner.sit_down(new_tab(locale="de-AT"))
    left |= {
        screen: english
        for screen in every_screen(page, owner, customers)
        if (english := [text for text in page.evaluate(_SAID) if is_english(text)])
    }
    assert left == {}


def test_who_has_said_no_name_is_called_a_visitor_in_the_readers_language(
    owner: Person, host: HostSite, new_tab: NewTab
) -> None:
    key = owner.ask("GET", "/v1/workspace")["widget_key"]
    chat = Chat(new_tab()).visit(host.with_widget(key)).open()
    chat.begin("Hello?")
    page = owner.sit_down(new_tab(locale="de"), "/visitors")
    name = page.locator(".visitor .table-title").inner_text()
    assert re.fullmatch(r"Besucher \w{4}", name)
    page.goto(f"{owner.url}/conversations?status=all")
    expect(page.locator(".row-name")).to_have_text(name)
    page.locator(".row-link").click()
    expect(page.locator(".thread-title h2")).to_have_text(name)
    expect(page.get_by_label(f"Antwort an {name}")).to_be_visible()
    page.goto(f"{owner.url}/contacts")
    page.locator(".contact a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_label("Name")).to_have_value("")


@pytest.mark.slow("walks through every screen")
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("locale", ["en-XA", "ar-XB"])
def test_every_text_is_translated_and_nothing_is_cut_by_longer_words_either_way(
    foyer: LocalFoyer,
    owner: Person,
    customers: list[Customer],
    new_tab: NewTab,
    locale: str,
    width: int,
) -> None:
    wrong: dict[str, str] = {}
    names = {"Foyer", "Kiln & Ash", "Ada Lovelace", "Charles Babbage"}
    names |= {one.name for one in customers}

    def look(page: Page, screen: str) -> None:
        bare = [text for text in page.evaluate(_SAID) if not {"⟦", "@"} & set(text)]
        found = [text for text in page.evaluate(_DATA, bare) if text.split(",")[0] not in names]
        wrong.update(dict.fromkeys([*found, *page.evaluate(_BROKEN)], screen))

    page = new_tab(width, locale=locale)
    for screen in pages_for_strangers(page, foyer.url):
        look(page, screen)
    page = owner.sit_down(new_tab(width, locale=locale))
    for screen in every_screen(page, owner, customers):
        look(page, screen)
    assert wrong == {}


def test_a_page_from_right_to_left_is_the_other_way_round(
    owner: Person, customers: list[Customer], new_tab: NewTab
) -> None:
    page = owner.sit_down(
        new_tab(locale="ar-XB"), f"/conversations/{customers[0].conversation}?status=all"
    )
    page.locator(".bubble").first.wait_for()
    page.locator(".details .facts").wait_for()

    def left(selector: str) -> float:
        box = page.locator(selector).first.bounding_box()
        assert box, selector
        return box["x"]

    order = [".details", ".thread", ".list", ".rail"]
    assert [left(one) for one in order] == sorted(left(one) for one in order)
    assert left(".row-time") < left(".row-name") < left(".row-mark")
    before = page.locator(".list").bounding_box()
    page.locator(".separator").first.focus()
    page.keyboard.press("ArrowLeft")
    after = page.locator(".list").bounding_box()
    assert before
    assert after
    assert (after["width"] - before["width"], before["x"] - after["x"]) == (16, 16)
    page.locator(".rail-me").click()
    menu, rail = page.locator(".popover").bounding_box(), page.locator(".rail").bounding_box()
    assert menu
    assert rail
    assert menu["x"] + menu["width"] < rail["x"] + 20
    page.keyboard.press("Escape")
    page.locator("[aria-haspopup=menu][data-tip-keys=z]").click()
    trigger = page.locator("[aria-haspopup=menu][data-tip-keys=z]").bounding_box()
    menu = page.locator(".popover").bounding_box()
    assert menu
    assert trigger
    assert abs(menu["x"] - trigger["x"]) < 2
    page.keyboard.press("Escape")
    assert "-1" in page.locator(".composer button[type=submit] .icon").evaluate(
        "(icon) => getComputedStyle(icon).scale"
    )

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
from tests.e2e.dashboard.people import PASSWORD, Customer, Person, until
from tests.e2e.dashboard.screens import before_signing_in, every_screen, furnish

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
  const own = "time, kbd, code, bdi, option, dd, .bubble, .divider, .menu-note, .palette-note";
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
    const isText = [...one.childNodes].some((node) => node.nodeType === 3 && /⟦/u.test(node.data));
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
def customers(owner: Person) -> list[Customer]:
    """Three, whose conversations are open, snoozed and closed."""
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
        for screen in before_signing_in(page, foyer.url)
        if (english := [text for text in page.evaluate(_SAID) if is_english(text)])
    }
    page = owner.sit_down(new_tab(locale="de-AT"))
    left |= {
        screen: english
        for screen in every_screen(page, owner, customers)
        if (english := [text for text in page.evaluate(_SAID) if is_english(text)])
    }
    assert left == {}


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
    for screen in before_signing_in(page, foyer.url):
        look(page, screen)
    page = owner.sit_down(new_tab(width, locale=locale))
    for screen in every_screen(page, owner, customers):
        look(page, screen)
    assert wrong == {}


def test_a_language_is_chosen_in_the_profile_at_once_and_on_the_next_device(
    owner: Person, new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab(), "/settings/profile")
    page.evaluate("window.sameLoad = true")
    page.get_by_label("Language").select_option(label="Deutsch")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    expect(page.get_by_role("link", name="Unterhaltungen")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_title("Einstellungen · Foyer")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Gehe zu: Besucher")
    assert page.evaluate("window.sameLoad")
    assert until(lambda: owner.ask("GET", "/v1/me")["user"]["language"] == "de")

    elsewhere = new_tab()
    elsewhere.goto(f"{owner.url}/login")
    elsewhere.get_by_label("E-mail").fill(owner.email)
    elsewhere.get_by_label("Password", exact=True).fill(PASSWORD)
    # From the sign-in in English to the first page in German, and to nothing in between.
    elsewhere.evaluate(
        """() => new MutationObserver(() => {
             if (document.querySelector(".rail"))
               (window.seen ??= []).push(document.querySelector(".rail").innerText);
           }).observe(document.body, { childList: true, subtree: true, characterData: true })"""
    )
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_text("In drei Schritten")).to_be_visible()
    rails = elsewhere.evaluate("window.seen")
    assert [rail for rail in rails if "Conversations" in rail or "Visitors" in rail] == []


def test_the_pages_before_signing_in_speak_as_the_browser_or_as_was_chosen_on_the_device(
    owner: Person, new_tab: NewTab
) -> None:
    german = new_tab(locale="de-CH")
    german.goto(f"{owner.url}/login")
    expect(german.get_by_role("heading", level=1)).to_have_text("Willkommen zurück")

    page = owner.sit_down(new_tab(), "/settings/profile")
    page.get_by_label("Language").select_option(label="Deutsch")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    page.locator(".rail-me").click()
    page.get_by_role("menuitem", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Willkommen zurück")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Willkommen zurück")

    page.get_by_label("E-Mail").fill(owner.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()
    page.goto(f"{owner.url}/settings/profile")
    page.get_by_label("Sprache").select_option(value="")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.locator(".rail-me").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


def test_times_and_numbers_are_written_in_the_chosen_language(
    owner: Person, new_tab: NewTab
) -> None:
    customer = owner.customer("Ann").write("Hello?")
    owner.ask("PATCH", "/v1/me", {"language": "de"})
    owner.ask("POST", f"/v1/conversations/{customer.conversation}/snooze", {"until": None})
    owner.session["user"]["language"] = "de"
    page = owner.sit_down(new_tab(locale="en-US"), f"/conversations/{customer.conversation}")
    expect(page.locator(".divider").first).to_have_text(re.compile("^heute$", re.IGNORECASE))
    expect(page.locator(".message-meta time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(page.locator(".event")).to_contain_text("Von Ihnen bis zur nächsten Antwort")
    page.locator("[aria-haspopup=menu][data-tip-keys=z]").click()
    expect(page.get_by_role("menuitem", name=re.compile("^Morgen"))).to_contain_text(
        re.compile(r"(Mo|Di|Mi|Do|Fr|Sa|So)\., .*, 09:00")
    )


def test_what_the_server_refuses_is_told_in_german(owner: Person, new_tab: NewTab) -> None:
    page = new_tab(locale="de")
    page.goto(f"{owner.url}/login")
    page.get_by_label("E-Mail").fill(owner.email)
    page.get_by_label("Passwort", exact=True).fill("falsch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("E-Mail-Adresse oder Passwort ist falsch")
    page.goto(f"{owner.url}/reset/{'x' * 43}")
    page.get_by_label("Neues Passwort").fill("password123")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "Dieser Link wurde benutzt, zurückgezogen oder ist zu alt"
    )
    page.route(
        "**/v1/auth/login",
        lambda route: route.fulfill(status=429, headers={"Retry-After": "300"}, body="{}"),
    )
    page.goto(f"{owner.url}/login")
    page.get_by_label("E-Mail").fill(owner.email)
    page.get_by_label("Passwort", exact=True).fill("falsch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "Zu viel auf einmal. Versuchen Sie es in 5 Minuten erneut."
    )


def test_the_page_for_trying_the_widget_speaks_the_language_too(
    owner: Person, new_tab: NewTab
) -> None:
    page = owner.sit_down(new_tab(locale="de"), "/settings/widget")
    href = page.get_by_role("link", name="Testseite öffnen").get_attribute("href")
    page.goto(f"{owner.url}{href}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jetzt sind Sie der Besucher")
    expect(page).to_have_title("Testseite für das Widget")
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_one_language_is_fetched_and_of_it_what_a_page_needs(
    owner: Person, customers: list[Customer], new_tab: NewTab
) -> None:
    page = new_tab(locale="de")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    owner.sit_down(page)
    page.locator(".row").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert [name for name in fetched if name.startswith("en-")] == []
    assert [name for name in fetched if name.startswith(("de-settings", "de-emoji"))] == []
    assert [name for name in fetched if name.startswith("de-conversations")]
    page.goto(f"{owner.url}/settings/team")
    page.get_by_text("Eingeladen").wait_for()
    assert [name for name in fetched if name.startswith("de-settings")]


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

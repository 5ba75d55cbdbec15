"""Pages that replace what the widget stands in: Turbo, morphs, htmx, and by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from infra.local.settings import ROOT
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

LIBRARIES = {
    "turbo": "@hotwired/turbo/dist/turbo.es2017-umd.js",
    "idiomorph": "idiomorph/dist/idiomorph.js",
    "htmx": "htmx.org/dist/htmx.js",
}
_NEXT = "<head><title>Next</title></head><body><main><h1>Next</h1></main></body>"

# The body alone is replaced: the chat isn't even reloaded.
BODY = {
    "emptied": "document.body.innerHTML = ''",
    "filled anew": "document.body.innerHTML = '<h1>Next</h1>'",
    "another body": "document.body = document.createElement('body')",
    "replaced as Turbo does": "document.documentElement.replaceChild("
    "document.createElement('body'), document.body)",
    "cleaned up": "document.querySelectorAll('body > *').forEach((each) => each.remove())",
    "none for a moment": "{ const { body } = document; body.remove();"
    " document.documentElement.append(body) }",
}
# All of the document is: the chat comes back to where it was.
ALL = {
    "root's innerHTML": f"document.documentElement.innerHTML = '{_NEXT}'",
    "root emptied": "document.documentElement.replaceChildren()",
    "root replaced": "document.replaceChild(new DOMParser().parseFromString("
    f"'<html>{_NEXT}</html>', 'text/html').documentElement, document.documentElement)",
    "written": f"document.open(); document.write('<html>{_NEXT}</html>'); document.close()",
    "widget removed": "document.querySelector('foyer-widget').remove()",
    "widget moved": "document.body.append(document.querySelector('foyer-widget'))",
    "morphed": f"Idiomorph.morph(document.documentElement, '<html>{_NEXT}</html>')",
}


@pytest.mark.parametrize("swap", BODY)
def test_a_chat_stays_as_it_is_while_the_body_is_replaced(
    page: Page, host: HostSite, operator: Operator, swap: str
) -> None:
    chat = _writing(page, host, operator)
    marked = chat.frame.locator("body")
    marked.evaluate("(body) => { body.dataset.same = 'yes' }")
    page.evaluate(BODY[swap])
    expect(marked).to_have_attribute("data-same", "yes")
    _goes_on(chat)


@pytest.mark.parametrize("swap", ALL)
def test_a_chat_comes_back_to_where_it_was_when_the_page_is_replaced(
    page: Page, host: HostSite, operator: Operator, swap: str
) -> None:
    chat = _writing(page, host, operator)
    page.evaluate(ALL[swap])
    _goes_on(chat)


@pytest.mark.parametrize("swap", [*BODY.values(), *ALL.values()])
def test_a_closed_chat_opens_after_everything_was_replaced(
    page: Page, host: HostSite, operator: Operator, swap: str
) -> None:
    chat = Chat(page).visit(_page_with(host, operator, "idiomorph"))
    page.evaluate(swap)
    expect(chat.launcher).to_have_count(1)
    page.evaluate("Foyer('open')")
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()


def test_what_waits_to_be_sent_is_sent_from_a_chat_that_came_back(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = _writing(page, host, operator)
    page.route("**/v1/widget/conversations/**", lambda route: route.abort())
    chat.write("into the dark")
    expect(chat.bubbles.last).to_have_text("into the dark")
    page.evaluate(ALL["widget removed"])
    expect(chat.mark("Waiting|Sending")).to_be_visible()
    page.unroute("**/v1/widget/conversations/**")
    expect(chat.mark("Delivered", "Sent")).to_be_visible(timeout=30_000)
    [conversation] = operator.conversations()
    assert [m["text"] for m in operator.messages(conversation["id"])] == ["hello", "into the dark"]


@pytest.mark.parametrize("how", ["replace", "morph"])
def test_turbo_visits_keep_the_chat_and_make_no_second_one(
    page: Page, host: HostSite, operator: Operator, how: str
) -> None:
    metas = f'<meta name="turbo-refresh-method" content="{how}"><meta name="csp-nonce" content="t">'
    other = _page_with(host, operator, "turbo", path="/other", head=metas)
    chat = _writing(page, host, operator, library="turbo", head=metas)
    marked = chat.frame.locator("body")
    marked.evaluate("(body) => { body.dataset.same = 'yes' }")
    for step in (f"Turbo.visit('{other}')", "history.back()", "history.forward()"):
        with page.expect_event("console", lambda told: told.text == "turbo loaded"):
            page.evaluate(
                "addEventListener('turbo:load', () => console.log('turbo loaded'), { once: true });"
                + step
            )
        expect(marked).to_have_attribute("data-same", "yes")
    page.evaluate("Turbo.session.refresh(location.href)")
    page.wait_for_load_state("networkidle")
    _goes_on(chat)


def test_htmx_swaps_of_the_body_keep_the_chat(
    page: Page, host: HostSite, operator: Operator
) -> None:
    other = _page_with(host, operator, "htmx", path="/other")
    chat = _writing(page, host, operator, library="htmx")
    for swap in ("innerHTML", "outerHTML"):
        with page.expect_response(other):
            page.evaluate(f"htmx.ajax('GET', '{other}', {{ target: 'body', swap: '{swap}' }})")
        expect(page.locator("h1")).to_have_count(1)
    _goes_on(chat)


def test_a_page_that_insists_is_let_win_and_open_still_works(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(_page_with(host, operator, "idiomorph"))
    page.clock.install()
    page.evaluate(
        """() => {
          window.told = [];
          window.removed = 0;
          Foyer("on", "error", ({ code }) => window.told.push(code));
          const remove = () => {
            const found = document.querySelector("foyer-widget");
            if (found) { window.removed += 1; found.remove(); }
          };
          window.insists = new MutationObserver(remove);
          window.insists.observe(document.documentElement, { childList: true, subtree: true });
          remove();
        }"""
    )
    page.clock.run_for(200_000)
    assert page.evaluate("window.told") == ["removed"]
    assert 3 <= page.evaluate("window.removed") <= 11
    page.evaluate("window.insists.disconnect()")
    page.clock.resume()
    page.evaluate("Foyer('open')")
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()


def _writing(
    page: Page, host: HostSite, operator: Operator, library: str = "idiomorph", head: str = ""
) -> Chat:
    """An open conversation with a message and a draft."""
    chat = Chat(page).visit(_page_with(host, operator, library, head=head)).open()
    chat.begin("hello")
    chat.composer.fill("a draft")
    return chat


def _goes_on(chat: Chat) -> None:
    """The chat is open where it was, with what was begun, once, and works."""
    expect(chat.page.locator("foyer-widget")).to_have_count(1)
    expect(chat.bubbles).to_have_text(["hello"])
    expect(chat.composer).to_have_value("a draft")
    expect(chat.page.locator("foyer-widget #panel")).to_be_visible()
    chat.composer.press("Enter")
    expect(chat.mark("Delivered", "Sent")).to_be_visible()
    expect(chat.bubbles).to_have_text(["hello", "a draft"])
    chat.launcher.click()
    expect(chat.page.locator("foyer-widget #panel")).to_be_hidden()
    chat.page.evaluate("Foyer('open')")
    expect(chat.bubbles).to_have_text(["hello", "a draft"])


def _page_with(
    host: HostSite, operator: Operator, library: str, *, path: str = "/", head: str = ""
) -> str:
    host.policy = host.policy.replace("connect-src http", "connect-src 'self' http")
    source = (ROOT / "node_modules" / LIBRARIES[library]).read_text()
    source = source.replace("</script", "<\\/script")
    script = f'<script nonce="t">{source}</script>'
    return host.with_widget(operator.widget_key, path=path, head=head + script)

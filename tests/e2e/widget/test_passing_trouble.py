"""A server in trouble, as a visitor and an operator see it: a calm line, and nothing lost."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.e2e.dashboard.people import until
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

_PROBLEM = (
    '{"type":"urn:foyer:problem:server.unavailable","title":"Not possible","status":503,'
    '"detail":"Not possible","code":"server.unavailable","request_id":"r","retry_after":1}'
)


class Trouble:
    """Answers a page's writes with 503 for as long as it lasts; those that got through first are
    done, and their answer lost."""

    def __init__(self, page: Page, pattern: str, *, done: int = 0) -> None:
        self.met = 0
        self._done = done
        self._page, self._pattern = page, pattern
        page.route(pattern, self._answer)

    def end(self) -> None:
        """From now on the server answers itself."""
        self._page.unroute(self._pattern)

    def _answer(self, route: Route) -> None:
        if route.request.method == "GET":
            route.fallback()
            return
        self.met += 1
        if self.met <= self._done:
            route.fetch()
        route.fulfill(
            status=503, body=_PROBLEM, content_type="application/problem+json",
            headers={"Retry-After": "1", "Access-Control-Allow-Origin": "*"},
        )  # fmt: skip


def test_a_message_waits_out_a_server_in_trouble_and_arrives_once(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    trouble = Trouble(page, "**/v1/widget/conversations**", done=1)
    chat.frame.get_by_role("button", name="Send us a message").click()
    chat.write("hello")
    expect(chat.bubbles).to_have_text(["hello"])
    expect(chat.banner).to_contain_text("Sending takes longer than usual", timeout=20_000)
    expect(chat.frame.get_by_text("Not sent")).to_have_count(0)
    assert trouble.met > 1
    trouble.end()
    expect(chat.mark("Sent", "Delivered")).to_be_visible(timeout=60_000)
    expect(chat.banner).to_be_hidden()
    expect(chat.bubbles).to_have_text(["hello"])
    assert until(lambda: len(operator.conversations()) == 1)

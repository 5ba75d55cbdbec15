"""What the widget does to the page that it is a guest on."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from infra.local.settings import ROOT
from infra.local.testing import LocalFoyer
from tests.e2e.conftest import NewContext
from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

_DIST = ROOT / "widget" / "dist"
_WATCH_POLICY = """
  window.broken = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.broken.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
_WATCH_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((e) => e.value)))
    .observe({ type: "layout-shift", buffered: true });
"""


def test_a_whole_chat_breaks_no_rule_of_a_strict_policy(
    page: Page, host: HostSite, operator: Operator
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(_WATCH_POLICY)
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    chat.begin("Is the large bowl safe in a dishwasher?")
    operator.reply(operator.conversations()[0]["id"], "It is: [how](https://example.com/care) 🙂")
    expect(chat.bubbles).to_have_count(2)
    chat.frame.get_by_role("button", name="Emoji").click()
    chat.frame.get_by_role("toolbar", name="Emoji").wait_for()
    assert [frame.evaluate("window.broken") for frame in page.frames] == [[], []]
    assert said == []


def test_the_launcher_takes_one_request_and_the_visitor_four_more(
    page: Page, host: HostSite, operator: Operator, foyer: LocalFoyer
) -> None:
    operator.configure(presence=True)
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked.append(f"{request.method} {urlsplit(request.url).path}")
            if request.url.startswith(foyer.url)
            else None
        ),
    )
    page.route("**/assets/guest-*", lambda route: route.abort())
    url = host.with_widget(operator.widget_key)
    page.goto(url)
    expect(Chat(page).launcher).to_be_visible()
    assert asked[0] == "GET /widget/loader.js"
    page.unroute("**/assets/guest-*")
    asked.clear()
    with page.expect_websocket():
        Chat(page).visit(url)
    page.wait_for_load_state("networkidle")
    told = [re.sub(r"-[\w-]{8}\.js", ".js", request) for request in asked]
    assert told[:4] == [
        "GET /widget/loader.js",
        "GET /widget/assets/guest.js",
        "POST /v1/widget/session",
        "POST /v1/socket-tickets",
    ]
    assert [request for request in told[4:] if "frame" in request] == []
    assert len(told) <= 5


def test_the_files_keep_to_their_sizes() -> None:
    def packed(pattern: str) -> int:
        [file] = _DIST.glob(pattern)
        return len(gzip.compress(file.read_bytes(), 9))

    loader = packed("loader.js")
    parts = ["frame.html", "assets/guest-*.js", "assets/frame-*.js"]
    assert loader <= 3000
    assert loader + sum(map(packed, parts)) <= 30_100


def test_the_launcher_moves_nothing_and_costs_under_30_ms_of_script(
    new_context: NewContext, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    costs: list[float] = []
    # Whoever else uses the machine costs only us: one visit that nobody disturbed is enough.
    while len(costs) < 8 and min(costs, default=1) > 0.030:
        costs.append(_cost_of_visit(new_context().new_page(), url))
    assert min(costs) <= 0.030, costs


def _cost_of_visit(page: Page, url: str) -> float:
    """Seconds of script until the launcher, the session and all that is quiet; nothing moved."""
    page.add_init_script(_WATCH_SHIFTS)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    with page.expect_response("**/v1/widget/session"):
        page.goto(url)
    page.wait_for_load_state("networkidle")
    spent = _script_seconds(cdp)
    assert page.evaluate("window.shifts") == []
    return spent


def test_no_style_of_the_host_reaches_the_launcher(
    page: Page, host: HostSite, operator: Operator
) -> None:
    host.policy = host.policy.replace(
        "default-src 'none'", "default-src 'none'; style-src 'nonce-t'"
    )
    style = "button,div,span,foyer-widget{display:none;width:3px;color:red;transform:scale(3)}"
    url = host.with_widget(operator.widget_key, head=f'<style nonce="t">{style}</style>')
    launcher = Chat(page).visit(url).launcher
    launcher.evaluate("(it) => Promise.all(it.getAnimations().map((each) => each.finished))")
    box = launcher.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (56, 56)


def test_the_panel_covers_a_phone_and_stays_beside_the_page_on_a_desk(
    new_context: NewContext, page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    phone = new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    small = Chat(phone.new_page()).visit(url).open()
    panel = small.page.locator("foyer-widget #panel").bounding_box()
    assert panel == pytest.approx({"x": 0, "y": 0, "width": 390, "height": 844}, abs=1)
    expect(small.launcher).to_be_hidden()
    large = Chat(page).visit(url).open()
    beside = large.page.locator("foyer-widget #panel").bounding_box()
    assert beside is not None
    assert (beside["width"], beside["height"]) == pytest.approx((400, 680), abs=1)


def test_the_panel_is_open_within_100_ms_once_it_was_loaded(
    page: Page, host: HostSite, operator: Operator
) -> None:
    chat = Chat(page).visit(host.with_widget(operator.widget_key)).open()
    assert min(_opening(page) for _ in range(5)) < 120  # 90 ms of motion, and two frames
    expect(chat.frame.get_by_role("button", name="Send us a message")).to_be_visible()


def _opening(page: Page) -> float:
    """Milliseconds from the call to the end of the panel's motion."""
    page.evaluate("Foyer('close')")
    expect(page.locator("foyer-widget #panel")).to_be_hidden()
    return float(
        page.evaluate(
            """() => new Promise((resolve) => {
                 const { shadowRoot } = document.querySelector("foyer-widget");
                 const panel = shadowRoot.getElementById("panel");
                 const start = performance.now();
                 const done = () => resolve(performance.now() - start);
                 panel.addEventListener("transitionend", done, { once: true });
                 Foyer("open");
               })"""
        )
    )


def _script_seconds(cdp: CDPSession) -> float:
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "ScriptDuration"))

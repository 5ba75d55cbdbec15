"""How soon the dashboard is there on a slow line and on a quick one, with nothing in the cache.

    python -m tests.bench.first_paint [--loads 9] [--locale de-DE] [--path /conversations]

A machine of its own with fifty conversations, a fresh browser each time; the slow line has 150 ms
there and back and 1.6 Mbit/s (Chromium's own emulation). Milliseconds from the navigation's start:
to the rail and the first row of somebody who is signed in, to the form of somebody who isn't. The
kinds take turns, so that whoever else uses the machine disturbs all of them alike; how many cores
were asked for is noted beside them. How many answers come one after the other before the first row
is what tests hold (tests/e2e/dashboard/test_first_paint.py).
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Iterator
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from infra.local.testing import LocalFoyer
from tests.e2e.conftest import CHROMIUM, SWITCHES
from tests.e2e.dashboard.people import Person

_CONVERSATIONS = 50
_SLOW = {
    "offline": False,
    "latency": 150,  # ms
    "downloadThroughput": 200_000,  # bytes a second
    "uploadThroughput": 94_000,
}
_TIMES = """(() => {
  const times = (window.__times = {});
  const parts = Object.entries({ rail: ".rail", row: ".row", form: "form input" });
  new MutationObserver(() => {
    for (const [name, part] of parts)
      if (!(name in times) && document.querySelector(part)) times[name] = performance.now();
  }).observe(document, { subtree: true, childList: true });
})()"""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--loads", type=int, default=9)
    options.add_argument("--locale", default="en-GB")
    options.add_argument("--path", default="/conversations")
    asked = options.parse_args()
    with (
        LocalFoyer(env={"FOYER_LIMITS": "0"}) as foyer,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES) as browser,
    ):
        owner = _busy_owner(foyer)
        times: dict[tuple[str, str], list[float]] = defaultdict(list)
        for number in range(asked.loads + 1):
            for kind, context, is_slow in _kinds(browser, asked.locale, owner):
                found = _load(context, owner.url + asked.path, is_slow)
                for part, ms in found.items() if number else ():  # the first one warms the machine
                    times[kind, part].append(ms)
    print(f"{asked.path}, {asked.locale}, {asked.loads} loads each, ", end="")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; ms: median (least to most)")
    for (kind, part), all_ms in times.items():
        print(f"{kind:24} {part:5} {median(all_ms):6.0f} ({min(all_ms):.0f} to {max(all_ms):.0f})")


def _busy_owner(foyer: LocalFoyer) -> Person:
    owner = Person.signed_up(foyer.url)
    for number in range(_CONVERSATIONS):
        owner.customer(f"Customer {number}").write("Could you please check where my order is?")
    return owner


def _kinds(
    browser: Browser, locale: str, owner: Person
) -> Iterator[tuple[str, BrowserContext, bool]]:
    for is_slow in (True, False):
        for is_known in (True, False):
            context = browser.new_context(locale=locale, viewport={"width": 1440, "height": 900})
            page = context.new_page()
            if is_known:
                owner.sign_in_on(page)
            line, who = "slow" if is_slow else "quick", "signed in" if is_known else "signed out"
            yield f"{line}, {who}", context, is_slow
            context.close()


def _load(context: BrowserContext, url: str, is_slow: bool) -> dict[str, Any]:
    """Milliseconds to each part that came up."""
    (page,) = context.pages
    page.add_init_script(_TIMES)
    if is_slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", _SLOW)
    page.goto(url, wait_until="commit")
    page.locator(".row, form input").first.wait_for(state="attached")
    times: dict[str, Any] = page.evaluate("window.__times")
    page.goto("about:blank")
    return times


if __name__ == "__main__":
    main()

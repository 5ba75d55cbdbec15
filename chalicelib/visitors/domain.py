"""Rules of presence."""

from __future__ import annotations

import re
from datetime import timedelta

WATCHERS = "visitors"
"""The topic of those who look at the list."""

REFRESH = timedelta(seconds=150)
"""How often a widget says that it is still there."""

OFFLINE_AFTER = 2 * REFRESH
"""How long a visitor counts as online without a word."""

RETENTION = timedelta(hours=1)
"""How long a row outlives its visitor, so that a reload goes on with the same visit."""

VISIT_ENDS_AFTER = timedelta(minutes=30)
"""A page that loads later than that after the one before begins another visit."""

PROFILE_RETENTION = timedelta(days=30)

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux"),
)


def device(agent: str) -> str:
    """`Chrome on Windows`, from a User-Agent; empty when it says nothing we know.

    The order matters: browsers name their ancestors too.
    """
    browser = next((name for name, mark in _BROWSERS if re.search(mark, agent)), "")
    system = next((name for name, mark in _SYSTEMS if re.search(mark, agent)), "")
    return " on ".join(part for part in (browser, system) if part)


def web_address(url: str) -> str:
    """A page's address without what may be secret in it: no user, no password, no fragment.

    Anything but http and https is nobody's page: empty.
    """
    match = re.fullmatch(r"(https?://)(?:[^/?#]*@)?([^#]*)(?:#.*)?", url, re.DOTALL)
    return (match[1] + match[2])[:500] if match else ""

"""The demo workspace, made once, through the real HTTP API."""

from __future__ import annotations

from collections.abc import Callable

from infra.local.settings import Settings

DEMO_LOGIN = "demo@foyer.local / foyer-demo"


def seed_once(settings: Settings, say: Callable[[str], None]) -> None:
    """Seed unless this data folder was seeded before."""

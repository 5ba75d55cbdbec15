"""One machine, an operator and a visitor on somebody else's page, each with a browser."""

from __future__ import annotations

from tests.e2e.conftest import browser, foyer, front_ends, host, new_context
from tests.e2e.dashboard.conftest import new_tab, owner

__all__ = ["browser", "foyer", "front_ends", "host", "new_context", "new_tab", "owner"]

"""The browser, the machine and the foreign site of the end-to-end tests."""

from __future__ import annotations

from tests.e2e.conftest import browser, foyer, front_ends, host, new_context, operator, page

__all__ = ["browser", "foyer", "front_ends", "host", "new_context", "operator", "page"]

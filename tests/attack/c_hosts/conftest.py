"""The browser, the machine and the foreign site of the end-to-end tests."""

from __future__ import annotations

from tests.e2e.conftest import browser, built, foyer, host, new_context, operator, page

__all__ = ["browser", "built", "foyer", "host", "new_context", "operator", "page"]

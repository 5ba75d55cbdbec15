"""An owner with a workspace of their own, their tab, and further tabs for others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from infra.local.testing import LocalFoyer
from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.people import Person

NewTab = Callable[..., Page]

# Longer than the five seconds in which a reply can be taken back.
expect.set_options(timeout=12_000)


@pytest.fixture
def owner(foyer: LocalFoyer) -> Person:
    """Ada, who has just signed up."""
    return Person.signed_up(foyer.url)


@pytest.fixture
def new_tab(new_context: NewContext) -> NewTab:
    """Opens a tab in a browser of its own: another person's, or another device."""

    def make(width: int = 1440, height: int = 900, **options: object) -> Page:
        viewport = {"width": width, "height": height}
        return new_context(viewport=viewport, **options).new_page()

    return make


@pytest.fixture
def desk(owner: Person, new_tab: NewTab) -> Page:
    """Ada's tab, at the conversations."""
    return owner.sit_down(new_tab())

from __future__ import annotations

import pytest

from tests.matrix.world import World, built
from tests.support.sockets import Management


@pytest.fixture(scope="session")
def world(management: Management) -> World:
    """One pair of workspaces for all questions: what is changed is made for it."""
    return built(management)

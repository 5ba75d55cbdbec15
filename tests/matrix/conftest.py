from __future__ import annotations

import pytest

from tests.matrix.world import World, build_world
from tests.support.sockets import Management


@pytest.fixture(scope="module")
def world(management: Management) -> World:
    """One pair of workspaces for all questions of a file: what is changed is made for it.

    Not for all files: their credentials end after a quarter of an hour, and the last of them may be
    asked later than that.
    """
    return build_world(management)

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.faults import Faults


@pytest.fixture
def faults() -> Iterator[Faults]:
    """The engine behind a proxy that fails as told."""
    with Faults() as standing:
        yield standing

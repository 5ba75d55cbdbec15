"""An AWS account on this machine, empty at first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attack.e_deployment.stages import Account
from tests.deploy import ministack


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ministack.Ministack]:
    """ministack, running."""
    with ministack.running(tmp_path_factory.mktemp("account")) as running:
        yield running


@pytest.fixture
def account(cloud: ministack.Ministack) -> Account:
    """The account as the commands see it, with nothing of former tests in it."""
    cloud.reset()
    return Account(cloud)

"""One engine in memory and one management API per test process; workspaces keep tests apart."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from infra.local.testing import Engine

# A busy machine must not fail an example for being slow.
settings.register_profile("foyer", deadline=None)
settings.load_profile("foyer")

_engine = Engine().__enter__()
_own = tempfile.TemporaryDirectory(prefix="foyer-tests-")
os.environ.update(
    AWS_ACCESS_KEY_ID="foyer",
    AWS_SECRET_ACCESS_KEY="foyer-local-secret",
    AWS_REGION="us-east-1",
    AWS_DEFAULT_REGION="us-east-1",
    FOYER_DYNAMODB_ENDPOINT=_engine.endpoint,
    FOYER_SOCKET_URL="wss://socket.test/api",
    FOYER_PUBLIC_URL="https://foyer.test",
    FOYER_SIGNUP="open",
    FOYER_MAILS_PER_DAY="1000000",
    FOYER_ROOT_KEY_FILE=str(Path(_own.name) / "root"),
    # Tests ask faster than people do; the fixture `limits` has them as they are.
    FOYER_LIMITS="0",
)

from chalicelib.auth import passwords  # noqa: E402
from chalicelib.edge import budgets  # noqa: E402
from chalicelib.platform import transport  # noqa: E402
from chalicelib.platform.config import config  # noqa: E402
from infra.local.stream import queue  # noqa: E402
from infra.packaging.tables import ensure_tables  # noqa: E402 - the environment comes first
from tests.support.sockets import Management  # noqa: E402
from tests.support.team import Team, sign_up  # noqa: E402

pytest_plugins = ["tests.support.slow_tests"]

# A sign-up shouldn't cost each test 0.2 s; tests/auth holds the real parameters.
passwords.CURRENT = passwords.Cost(log_n=4, r=8, p=1)
passwords.ROOM = threading.BoundedSemaphore(64)


def pytest_unconfigure() -> None:
    """The engine goes with its process."""
    _engine.__exit__(None, None, None)
    _own.cleanup()


@pytest.fixture(scope="session", autouse=True)
def management(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Management]:
    """Tables, the mail folder and the sockets' management API of this test process."""
    ensure_tables(transport, config().prefix)
    ensure_tables(transport, config().prefix, queue.TABLES)
    served = Management()
    os.environ["FOYER_SOCKET_ENDPOINT"] = served.endpoint
    os.environ["FOYER_MAIL_DIR"] = str(tmp_path_factory.mktemp("mail"))
    config.cache_clear()
    yield served
    served.close()


@pytest.fixture(autouse=True)
def only_declared_frames(management: Management) -> Iterator[None]:
    """No socket is sent what the contract doesn't have."""
    yield
    undeclared, management.undeclared = management.undeclared, []
    assert undeclared == []


@pytest.fixture
def limits(management: Management, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Budgets as they are by default, and nobody has spent anything yet."""
    budgets.forget_all()
    monkeypatch.setenv("FOYER_LIMITS", "1")
    config.cache_clear()
    yield
    monkeypatch.undo()
    config.cache_clear()


@pytest.fixture
def team(management: Management) -> Team:
    """A workspace of its own with its owner, Olga."""
    return sign_up(management)

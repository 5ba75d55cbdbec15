from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from chalicelib.platform import transport
from chalicelib.platform.transport.pool import Pool
from tests.platform.engine import running_engine


@pytest.fixture(scope="session")
def engine() -> Iterator[str]:
    """The URL of a dynoxide in memory, shared by the tests of one worker: name tables apart."""
    with running_engine() as url:
        yield url


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "foyer")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "foyer-local-secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for name in ("AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "FOYER_TRANSPORT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Connections of this test alone, with short patience."""
    pool = Pool(connect_timeout=1.0, read_timeout=0.5)
    yield pool
    pool.close()


@pytest.fixture
def local(engine: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The process's own calls and PynamoDB's go to the engine."""
    monkeypatch.setenv("FOYER_DYNAMODB_ENDPOINT", engine)
    transport.install()
    return engine


@pytest.fixture
def table(local: str) -> str:
    """An empty table with the key `id`."""
    name = f"things-{uuid4().hex}"
    transport.call(
        "CreateTable",
        {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        },
    )
    return name

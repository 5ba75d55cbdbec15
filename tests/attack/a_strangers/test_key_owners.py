"""Root keys as their owner handles them: carried over from a table, made once, replaced."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.platform import transport
from chalicelib.platform.signing import key_places, key_ring
from chalicelib.platform.transport import DynamoClient
from infra.local.data import root_keys as on_one_machine
from infra.local.engines.engine import answers, dynoxide_binary, dynoxide_command, dynoxide_place
from infra.local.settings import read_settings
from infra.local.testing import LocalFoyer
from infra.packaging import root_keys as on_aws


def test_a_machine_moves_the_secret_of_former_versions_out_of_its_table(
    tmp_path: Path,
) -> None:
    settings = read_settings({"FOYER_DATA": str(tmp_path), "FOYER_PREFIX": "former"})
    _former_table("former-keys", "ab" * 32)
    on_one_machine.move_out(DynamoClient(), settings)
    on_one_machine.move_out(DynamoClient(), settings)
    ring = key_places.from_file(settings.root_keys)
    assert ring == key_ring.from_one_secret(bytes.fromhex("ab" * 32))
    assert "former-keys" not in transport.call("ListTables", {})["TableNames"]


def test_nothing_of_a_former_secret_is_left_in_the_machines_database(tmp_path: Path) -> None:
    secret = "ab" * 32
    with LocalFoyer(data=tmp_path / "data") as foyer:
        foyer.stop()
        database = tmp_path / "data" / "dynamodb" / "foyer.db"
        with _engine_on(database) as endpoint:
            client = DynamoClient(endpoint=endpoint)
            _former_table("foyer-keys", secret, client.call)
        assert _bytes_of(database.parent).count(secret.encode()) > 0
        foyer.start()
        assert _bytes_of(database.parent).count(secret.encode()) == 0
        assert _bytes_of(tmp_path / "data" / "keys").count(secret.encode()) == 2


def test_the_deployer_makes_keys_once_carries_former_ones_over_and_rotates() -> None:
    with _account() as session:
        _check_life_of_keys(session)


def _check_life_of_keys(session: Any) -> None:
    def ring() -> key_ring.Ring:
        name = "/foyer-x/root-keys"
        told = session.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        assert told["Type"] == "SecureString"
        return key_ring.from_text(told["Value"])

    with pytest.raises(key_ring.NotARing):
        on_aws.rotate(session, "foyer-x", retire=False)
    _former_table("foyer-x-keys", "cd" * 32)
    on_aws.ensure(session, "foyer-x")
    assert ring() == key_ring.from_one_secret(bytes.fromhex("cd" * 32))
    assert transport.call("Scan", {"TableName": "foyer-x-keys"})["Count"] == 1
    on_aws.ensure(session, "foyer-x")
    on_aws.forget_former(session, "foyer-x")
    on_aws.forget_former(session, "foyer-x")
    assert transport.call("Scan", {"TableName": "foyer-x-keys"})["Count"] == 0
    on_aws.rotate(session, "foyer-x", retire=False)
    assert [name for name, _ in ring().signing][1:] == ["1"]
    newest = ring().signing[0]
    on_aws.rotate(session, "foyer-x", retire=True)
    assert ring().signing == (newest,)
    transport.call("DeleteTable", {"TableName": "foyer-x-keys"})


@contextmanager
def _account() -> Iterator[SimpleNamespace]:
    """As much of a boto3 session as the deployer's keys need: the tests' engine, and SSM."""
    endpoint = os.environ["FOYER_DYNAMODB_ENDPOINT"]
    database: Any = boto3.client("dynamodb", endpoint_url=endpoint)
    with mock_aws():
        services = {"dynamodb": database, "ssm": boto3.client("ssm", "eu-central-1")}
        yield SimpleNamespace(client=services.__getitem__)


@contextmanager
def _engine_on(database: Path) -> Iterator[str]:
    place = dynoxide_place()
    child = subprocess.Popen(dynoxide_command(dynoxide_binary(), place, database))
    try:
        while not answers(place):
            assert child.poll() is None
        yield "http://{}:{}".format(*place)
    finally:
        child.kill()
        child.wait()


def _bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _former_table(table: str, secret: str, call: Any = transport.call) -> None:
    call(
        "CreateTable",
        {
            "TableName": table,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        },
    )
    item = {"id": {"S": "root"}, "secret": {"S": secret}}
    call("PutItem", {"TableName": table, "Item": item})

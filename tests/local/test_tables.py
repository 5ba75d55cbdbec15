"""The tables that one machine makes are those that the deployment's template describes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from chalicelib.platform.transport import DynamoClient
from infra.packaging.tables import (
    TABLES,
    OtherKeys,
    ensure_tables,
    table_specs,
    ttl_attributes,
)
from tests.local.test_poller import client

__all__ = ["client"]


def describe(client: DynamoClient, name: str) -> dict[str, Any]:
    table: dict[str, Any] = client.call("DescribeTable", {"TableName": name})["Table"]
    return table


@pytest.fixture
def prefix() -> str:
    return f"p{uuid4().hex[:8]}"


def write(path: Path, **properties: Any) -> Path:
    """A description with one table, `things`."""
    table = {
        "TableName": {"Fn::Sub": "${Prefix}-things"},
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        **properties,
    }
    resource = {"Type": "AWS::DynamoDB::Table", "Properties": table}
    path.write_text(yaml.safe_dump({"Resources": {"Things": resource}}))
    return path


def test_every_described_table_is_made_once(client: DynamoClient, prefix: str) -> None:
    names = {spec["TableName"] for spec in table_specs(prefix)}
    assert set(ensure_tables(client, prefix)) == names
    assert ensure_tables(client, prefix) == []
    assert describe(client, f"{prefix}-outbox")["LatestStreamArn"]
    for spec in table_specs(prefix):
        table = describe(client, spec["TableName"])
        assert table["KeySchema"] == spec["KeySchema"]
        indexes = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
        assert indexes == {index["IndexName"] for index in spec.get("GlobalSecondaryIndexes", [])}


def test_what_expires_is_named_with_its_attribute(prefix: str) -> None:
    resources = yaml.safe_load(TABLES.read_text())["Resources"].values()
    with_ttl = [each for each in resources if "TimeToLiveSpecification" in each["Properties"]]
    assert len(ttl_attributes(prefix)) == len(with_ttl) > 0
    assert f"{prefix}-outbox" in ttl_attributes(prefix)


def test_an_index_that_a_kept_table_lacks_is_added_and_its_items_found(
    client: DynamoClient, prefix: str, tmp_path: Path
) -> None:
    ensure_tables(client, prefix, write(tmp_path / "old.yaml"))
    item = {"id": {"S": "1"}, "colour": {"S": "red"}}
    client.call("PutItem", {"TableName": f"{prefix}-things", "Item": item})
    newer = write(
        tmp_path / "new.yaml",
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "colour", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-colour",
                "KeySchema": [{"AttributeName": "colour", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    assert ensure_tables(client, prefix, newer) == [f"{prefix}-things/by-colour"]
    found = client.call(
        "Query",
        {
            "TableName": f"{prefix}-things",
            "IndexName": "by-colour",
            "KeyConditionExpression": "colour = :c",
            "ExpressionAttributeValues": {":c": {"S": "red"}},
        },
    )
    assert found["Items"] == [item]
    assert ensure_tables(client, prefix, newer) == []


def test_a_kept_table_with_other_keys_is_refused_by_name(
    client: DynamoClient, prefix: str, tmp_path: Path
) -> None:
    ensure_tables(client, prefix, write(tmp_path / "old.yaml"))
    other = write(
        tmp_path / "new.yaml",
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
    )
    with pytest.raises(OtherKeys, match=f"{prefix}-things"):
        ensure_tables(client, prefix, other)

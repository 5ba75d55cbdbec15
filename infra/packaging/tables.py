"""The tables, from the one description that deployment uses too: infra/tables.yaml.

That file is a fragment of a CloudFormation template in plain YAML, so what a deployed stack has
and what one machine and the tests have can't drift apart.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import yaml
from botocore.exceptions import ClientError

TABLES = Path(__file__).resolve().parents[1] / "tables.yaml"
_CREATED = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")
_ACTIVE_WITHIN = 30.0


class Client(Protocol):
    """As much of a DynamoDB client as tables need: `chalicelib.platform.transport` has one."""

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Do one operation; raises botocore's ClientError when refused."""


class OtherKeys(Exception):
    """A table of this name exists with other keys; the message says which."""


def table_specs(prefix: str, source: Path = TABLES) -> list[dict[str, Any]]:
    """CreateTable's parameters for each table, named for one deployment.

    Billing is on demand. What only a deployment has (backups, tags, encryption, TTL) is left out.
    """
    return [_spec(properties, prefix) for properties in _properties(source)]


def ttl_attributes(prefix: str, source: Path = TABLES) -> dict[str, str]:
    """Table name → the attribute that holds the epoch second when an item expires."""
    return {
        _full_name(properties["TableName"], prefix): ttl["AttributeName"]
        for properties in _properties(source)
        if (ttl := properties.get("TimeToLiveSpecification")) and ttl.get("Enabled", True)
    }


def ensure_tables(client: Client, prefix: str, source: Path = TABLES) -> list[str]:
    """Create the tables that are missing, and indexes that kept tables lack; what was created.

    Raises:
        OtherKeys: A kept table has other keys than its description: no index mends that.
    """
    created = []
    for spec in table_specs(prefix, source):
        existing = _describe(client, spec["TableName"])
        if existing is None:
            client.call("CreateTable", spec)
            _wait_until_active(client, spec["TableName"])
            created.append(spec["TableName"])
        else:
            created += _add_missing_indexes(client, spec, existing)
    return created


def _spec(properties: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "TableName": _full_name(properties["TableName"], prefix),
        "BillingMode": "PAY_PER_REQUEST",
        **{name: properties[name] for name in _CREATED if name in properties},
    }
    if stream := properties.get("StreamSpecification"):
        spec["StreamSpecification"] = {"StreamEnabled": True, **stream}
    return spec


def _add_missing_indexes(
    client: Client, spec: Mapping[str, Any], existing: Mapping[str, Any]
) -> list[str]:
    name = spec["TableName"]
    if _keys(spec) != _keys(existing):
        raise OtherKeys(f"{name} has the keys {_keys(existing)}, not {_keys(spec)}")
    has = {index["IndexName"] for index in existing.get("GlobalSecondaryIndexes", [])}
    missing = [
        index for index in spec.get("GlobalSecondaryIndexes", []) if index["IndexName"] not in has
    ]
    for index in missing:
        client.call(
            "UpdateTable",
            {
                "TableName": name,
                "AttributeDefinitions": spec["AttributeDefinitions"],
                "GlobalSecondaryIndexUpdates": [{"Create": index}],
            },
        )
        _wait_until_active(client, name)
    return [f"{name}/{index['IndexName']}" for index in missing]


def _keys(table: Mapping[str, Any]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}


def _describe(client: Client, name: str) -> dict[str, Any] | None:
    try:
        table: dict[str, Any] = client.call("DescribeTable", {"TableName": name})["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return table


def _wait_until_active(client: Client, name: str) -> None:
    deadline = time.monotonic() + _ACTIVE_WITHIN
    while time.monotonic() < deadline:
        table = _describe(client, name) or {}
        indexes = table.get("GlobalSecondaryIndexes", [])
        statuses = {index.get("IndexStatus", "ACTIVE") for index in indexes}
        if table.get("TableStatus") == "ACTIVE" and statuses <= {"ACTIVE"}:
            return
        time.sleep(0.01)
    raise TimeoutError(f"The table {name} didn't become active")


def _full_name(name: Any, prefix: str) -> str:
    text = name["Fn::Sub"] if isinstance(name, Mapping) else name
    return str(text).replace("${Prefix}", prefix)


@lru_cache(maxsize=4)
def _properties(source: Path) -> tuple[dict[str, Any], ...]:
    resources = yaml.safe_load(source.read_text())["Resources"]
    return tuple(
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::DynamoDB::Table"
    )

"""A release changes tables only in ways that CloudFormation can follow."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.packaging.table_changes import RECORD, current, last_release, problems

Tables = dict[str, dict[str, Any]]
BEFORE: Tables = {
    "MessagesTable": {
        "Kept": True,
        "KeySchema": [
            {"AttributeName": "cnv", "KeyType": "HASH"},
            {"AttributeName": "key", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "cnv", "AttributeType": "S"},
            {"AttributeName": "key", "AttributeType": "S"},
        ],
        "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        "LocalSecondaryIndexes": [],
        "GlobalSecondaryIndexes": [],
    }
}


def index(name: str, key: str = "cnv", projection: str = "ALL") -> dict[str, Any]:
    """An index as a template says it."""
    keys = [{"AttributeName": key, "KeyType": "HASH"}]
    projected = {"ProjectionType": projection}
    return {"IndexName": name, "KeySchema": keys, "Projection": projected}


def test_this_release_can_follow_the_last() -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    assert record["version"] == last_release(), (
        "the record is of another release: python -m infra.packaging.table_changes, when it is made"
    )
    assert problems(record["tables"], current()) == []


def _two_indexes(table: dict[str, Any]) -> None:
    table["GlobalSecondaryIndexes"] += [index("by_a"), index("by_b")]


def _another_key(table: dict[str, Any]) -> None:
    table["KeySchema"][1]["AttributeName"] = "seq"


def _another_type(table: dict[str, Any]) -> None:
    table["AttributeDefinitions"][1]["AttributeType"] = "N"


def _a_local_index(table: dict[str, Any]) -> None:
    table["LocalSecondaryIndexes"].append(index("by_seq"))


def _kept_no_more(table: dict[str, Any]) -> None:
    table["Kept"] = False


def _another_stream(table: dict[str, Any]) -> None:
    table["StreamSpecification"] = {"StreamViewType": "KEYS_ONLY"}


def _another_expiry(table: dict[str, Any]) -> None:
    table["TimeToLiveSpecification"]["AttributeName"] = "ends_at"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_two_indexes, "one index at a time: make by_a, make by_b"),
        (_another_key, "another key makes another, empty table"),
        (_another_type, "another type of key makes another, empty table"),
        (_a_local_index, "local indexes come with their table"),
        (_kept_no_more, "what was kept when its stack goes must be kept"),
        (_another_stream, "StreamSpecification can't go from NEW_IMAGE to KEYS_ONLY"),
        (_another_expiry, "TimeToLiveSpecification can't go from expires_at to ends_at"),
    ],
)
def test_what_cloudformation_cannot_do_in_one_update_is_named(
    change: Callable[[dict[str, Any]], None], problem: str
) -> None:
    after = copy.deepcopy(BEFORE)
    change(after["MessagesTable"])
    (found,) = problems(BEFORE, after)
    assert found.startswith(f"MessagesTable: {problem}")


def test_a_changed_index_is_one_removed_and_one_made() -> None:
    former, wanted = copy.deepcopy(BEFORE), copy.deepcopy(BEFORE)
    former["MessagesTable"]["GlobalSecondaryIndexes"] = [index("by_a")]
    wanted["MessagesTable"]["GlobalSecondaryIndexes"] = [index("by_a", projection="KEYS_ONLY")]
    (found,) = problems(former, wanted)
    assert "remove by_a, make by_a" in found


def test_one_index_more_or_less_and_new_tables_are_fine() -> None:
    more = copy.deepcopy(BEFORE)
    more["MessagesTable"]["GlobalSecondaryIndexes"] = [index("by_a")]
    more["NewTable"] = copy.deepcopy(BEFORE["MessagesTable"])
    _two_indexes(more["NewTable"])
    assert problems(BEFORE, more) == problems(more, BEFORE) == []


def test_the_order_in_which_things_are_said_is_no_change() -> None:
    former, wanted = copy.deepcopy(BEFORE), copy.deepcopy(BEFORE)
    for name in ("by_a", "by_b"):
        former["MessagesTable"]["GlobalSecondaryIndexes"].append(index(name))
        wanted["MessagesTable"]["GlobalSecondaryIndexes"].insert(0, index(name))
    wanted["MessagesTable"]["AttributeDefinitions"].reverse()
    assert problems(former, wanted) == []

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.platform import transport
from chalicelib.platform.transport import Call


def _key(table: str) -> dict[str, Any]:
    return {"TableName": table, "Key": {"id": {"S": "a"}}, "ConsistentRead": True}


@pytest.mark.parametrize("by", ["thin", "boto3"])
def test_observers_see_each_call_with_its_units_and_only_while_they_watch(
    table: str, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setenv("FOYER_TRANSPORT", by)
    calls: list[Call] = []
    item = {
        "TableName": table,
        "Item": {"id": {"S": "a"}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    with transport.observe(calls.append):
        transport.call("TransactWriteItems", {"TransactItems": [{"Put": item}]})
        transport.call("GetItem", _key(table))
        transport.call("DescribeTable", {"TableName": table})
        with pytest.raises(ClientError):
            transport.call("PutItem", item)
    unseen = transport.call("GetItem", _key(table))

    assert "ConsumedCapacity" not in unseen
    assert [(call.operation, call.write_units, call.read_units, call.error) for call in calls] == [
        ("TransactWriteItems", 2.0, 0.0, None),
        ("GetItem", 0.0, 1.0, None),
        ("DescribeTable", 0.0, 0.0, None),
        ("PutItem", 0.0, 0.0, "ConditionalCheckFailedException"),
    ]
    assert calls[0].consumed[0]["TableName"] == table
    assert all(call.attempts == 1 and 0 < call.duration < 10 for call in calls)
    assert [call.started for call in calls] == sorted(call.started for call in calls)


def test_an_observer_sees_its_own_thread_unless_it_watches_everywhere(table: str) -> None:
    mine: list[str] = []
    everyone: list[str] = []

    def elsewhere() -> None:
        transport.call("Scan", {"TableName": table})

    with (
        transport.observe(lambda call: mine.append(call.operation)),
        transport.observe(lambda call: everyone.append(call.operation), everywhere=True),
    ):
        transport.call("GetItem", _key(table))
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert mine == ["GetItem"]
    assert everyone == ["GetItem", "Scan"]

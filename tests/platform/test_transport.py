"""The thin transport against a real engine, side by side with botocore's client."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from chalicelib.platform import sdk, transport
from chalicelib.platform.transport import Call
from tests.platform.engine import ROOT

EVERYTHING = {
    "id": {"S": "every kind: ☃ \U0001f600"},
    "n": {"N": "12345678901234567890.123456789"},
    "flag": {"BOOL": True},
    "nothing": {"NULL": True},
    "b": {"B": b"\x00\xff raw"},
    "bs": {"BS": [b"\x01", b"\x02\x03"]},
    "ss": {"SS": ["a", "b"]},
    "deep": {"L": [{"M": {"B": {"B": b"in a map"}, "BS": {"L": [{"B": b""}]}, "B2": {"S": "B"}}}]},
    "B": {"M": {"B": {"S": "an attribute called B"}}},
    "BS": {"L": [{"S": "an attribute called BS"}]},
}


def _key(table: str, id: str) -> dict[str, Any]:
    return {"TableName": table, "Key": {"id": {"S": id}}, "ConsistentRead": True}


def _put(id: str, **more: Any) -> dict[str, Any]:
    return {"Item": {"id": {"S": id}}, "ConditionExpression": "attribute_not_exists(id)", **more}


def test_every_kind_of_value_comes_back_as_it_went_and_as_botocore_reads_it(table: str) -> None:
    transport.call("PutItem", {"TableName": table, "Item": EVERYTHING})
    request = {"TableName": table, "Key": {"id": EVERYTHING["id"]}}

    ours = transport.call("GetItem", request)["Item"]
    theirs = sdk.client("dynamodb").get_item(**request)["Item"]

    for item in (ours, theirs):
        item["bs"]["BS"].sort()
        item["ss"]["SS"].sort()
    assert ours == EVERYTHING
    assert ours == theirs


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("PutItem", _put("taken")),
        ("PutItem", _put("taken", ReturnValuesOnConditionCheckFailure="ALL_OLD")),
        ("PutItem", {"Item": {"wrong": {"S": "no key"}}}),
        ("GetItem", {"Key": {"id": {"N": "1"}}}),
        ("GetItem", {"TableName": "no-such-table", "Key": {"id": {"S": "1"}}}),
    ],
)
def test_a_refusal_looks_as_botocore_shows_it(
    table: str, operation: str, params: dict[str, Any]
) -> None:
    transport.call("PutItem", {"TableName": table, "Item": {"id": {"S": "taken"}}})
    request = {"TableName": table, **params}
    with pytest.raises(ClientError) as ours:
        transport.call(operation, request)
    assert ours.value.operation_name == operation
    with pytest.raises(ClientError) as theirs:
        sdk.client("dynamodb", parameter_validation=False)._make_api_call(operation, request)
    assert _description(ours.value) == _description(theirs.value)
    assert str(ours.value) == str(theirs.value)


def test_a_cancelled_transaction_says_why_as_botocore_does(table: str) -> None:
    transport.call("PutItem", {"TableName": table, "Item": {"id": {"S": "taken"}}})
    put = {"TableName": table, **_put("taken", ReturnValuesOnConditionCheckFailure="ALL_OLD")}
    request = {"TransactItems": [{"Put": {"TableName": table, **_put("free")}}, {"Put": put}]}

    with pytest.raises(ClientError) as ours:
        transport.call("TransactWriteItems", request)
    with pytest.raises(ClientError) as theirs:
        sdk.client("dynamodb").transact_write_items(**request)

    assert _description(ours.value) == _description(theirs.value)
    reasons = _description(ours.value)["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == {"id": {"S": "taken"}}
    assert "Item" not in transport.call("GetItem", _key(table, "free"))


def _description(error: ClientError) -> dict[str, Any]:
    response: dict[str, Any] = dict(error.response)
    return {name: response.get(name) for name in ("Error", "CancellationReasons", "Item")}


def test_half_a_surrogate_pair_is_a_clear_value_error(table: str) -> None:
    calls: list[Call] = []
    with transport.observe(calls.append), pytest.raises(ValueError, match="surrogate pair"):
        transport.call("PutItem", {"TableName": table, "Item": {"id": {"S": "broken \ud83d"}}})
    assert [call.error for call in calls] == ["ValueError"]


def test_streams_are_read_through_the_same_call(table: str) -> None:
    transport.call("PutItem", {"TableName": table, "Item": EVERYTHING})
    description = transport.call("DescribeTable", {"TableName": table})["Table"]
    arn = description["LatestStreamArn"]
    shards = transport.call("DescribeStream", {"StreamArn": arn})["StreamDescription"]["Shards"]
    start = {
        "StreamArn": arn,
        "ShardId": shards[0]["ShardId"],
        "ShardIteratorType": "TRIM_HORIZON",
    }
    iterator = transport.call("GetShardIterator", start)["ShardIterator"]

    records = transport.call("GetRecords", {"ShardIterator": iterator})["Records"]

    assert [record["eventName"] for record in records] == ["INSERT"]
    assert records[0]["dynamodb"]["NewImage"]["b"] == EVERYTHING["b"]


def test_threads_share_the_pool_without_mixing_their_answers(table: str) -> None:
    wrong: list[str] = []

    def work(number: int) -> None:
        for turn in range(30):
            item = {"id": {"S": f"{number}-{turn}"}}
            transport.call("PutItem", {"TableName": table, "Item": item})
            if transport.call("GetItem", _key(table, item["id"]["S"]))["Item"] != item:
                wrong.append(item["id"]["S"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert transport.call("Scan", {"TableName": table, "Select": "COUNT"})["Count"] == 240


def test_keys_come_from_the_environment_of_the_moment(
    table: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    transport.call("GetItem", _key(table, "a"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    sdk._found_credentials.cache_clear()
    with pytest.raises(NoCredentialsError):
        transport.call("GetItem", _key(table, "a"))

    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = from-a-file\naws_secret_access_key = secret\n"
    )
    sdk._found_credentials.cache_clear()
    transport.call("GetItem", _key(table, "a"))
    sdk._found_credentials.cache_clear()


def test_the_first_call_makes_no_botocore_client(table: str) -> None:
    script = (
        "import sys\n"
        "from chalicelib.platform import transport\n"
        f"transport.install(); transport.call('GetItem', {_key(table, 'a')!r})\n"
        "print([name for name in ('boto3', 's3transfer', 'botocore.data') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.strip() == "[]"

"""The database without a port: it answers as it does on one, and only to who knows its door."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from chalicelib.platform.transport import DynamoClient
from infra.local.engines.engine import dynoxide_binary
from infra.local.engines.http_door import EngineDoor
from infra.local.engines.piped_client import PipedClient
from infra.local.testing import Engine, LocalFoyer
from tests.local.conftest import Notes
from tests.local.serving import ask, until
from tests.local.test_machine import engine_of
from tests.local.test_poller import name_of
from tests.support.listening import doors_of

PIPED = {"FOYER_DYNAMODB_PIPED": "1"}
TABLE: dict[str, Any] = {
    "TableName": "things",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in (("pk", "S"), ("sk", "S"), ("other", "S"))
    ],
    "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-other",
            "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}
ITEM = {
    "pk": {"S": "a"},
    "sk": {"S": "1"},
    "other": {"S": "o"},
    "n": {"N": "1"},
    "b": {"B": b"\x00\xff"},
    "l": {"L": [{"NULL": True}, {"M": {"x": {"BOOL": False}}}]},
    "s": {"SS": ["é\u2028", "\U0001f600"]},
}
KEY = {"pk": {"S": "a"}, "sk": {"S": "1"}}
NEW = {"ConditionExpression": "attribute_not_exists(pk)"}
OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
NAMED: dict[str, Any] = {"TableName": "things"}
ONE = {"ExpressionAttributeValues": {":one": {"N": "1"}}}
OF_A = {
    "KeyConditionExpression": "pk = :a",
    "ExpressionAttributeValues": {":a": {"S": "a"}},
}
OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    ("PutItem", {**NAMED, "Item": ITEM}),
    ("GetItem", {**NAMED, "Key": KEY, "ConsistentRead": True}),
    ("PutItem", {**NAMED, "Item": ITEM, **NEW}),
    ("PutItem", {**NAMED, "Item": ITEM, **NEW, **OLD}),
    ("UpdateItem", {**NAMED, "Key": KEY, "UpdateExpression": "ADD n :one", **ONE,
                    "ReturnValues": "ALL_NEW"}),
    ("UpdateItem", {**NAMED, "Key": KEY, "UpdateExpression": "SET n = :one", **ONE,
                    "ConditionExpression": "n = :one", **OLD}),
    ("Query", {**NAMED, **OF_A, "ScanIndexForward": False, "Limit": 1}),
    ("Query", {**NAMED, **OF_A, "Select": "COUNT"}),
    ("Query", {**NAMED, "IndexName": "by-other", "KeyConditionExpression": "other = :a",
               "ExpressionAttributeValues": {":a": {"S": "o"}}}),
    ("Scan", {**NAMED, "ProjectionExpression": "#p",
              "ExpressionAttributeNames": {"#p": "pk"}}),
    ("BatchGetItem", {"RequestItems": {"things": {"Keys": [KEY]}}}),
    ("TransactWriteItems", {"TransactItems": [
        {"Put": {**NAMED, "Item": {**ITEM, "sk": {"S": "2"}}, **NEW}},
        {"Put": {**NAMED, "Item": ITEM, **NEW, **OLD}},
        {"ConditionCheck": {**NAMED, "Key": KEY, "ConditionExpression": "n = :one", **ONE}}]}),
    ("TransactWriteItems", {"TransactItems": [
        {"Put": {**NAMED, "Item": {**ITEM, "sk": {"S": "2"}}, **NEW}}],
        "ClientRequestToken": "once"}),
    ("TransactWriteItems", {"TransactItems": [
        {"Put": {**NAMED, "Item": {**ITEM, "sk": {"S": "2"}}, **NEW}}],
        "ClientRequestToken": "once"}),
    ("TransactGetItems", {"TransactItems": [{"Get": {**NAMED, "Key": KEY}}]}),
    ("BatchWriteItem", {"RequestItems": {"things": [{"DeleteRequest": {"Key": KEY}}]}}),
    ("DeleteItem", {**NAMED, "Key": KEY, "ReturnValues": "ALL_OLD"}),
    ("GetItem", {**NAMED, "Key": KEY}),
    ("GetItem", {**NAMED, "Key": {"pk": {"S": "a"}}}),
    ("GetItem", {"TableName": "nothing", "Key": KEY}),
    ("UpdateItem", {**NAMED, "Key": KEY, "UpdateExpression": "SET"}),
    ("DescribeTable", {"TableName": "nothing"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def piped_client() -> Iterator[DynamoClient]:
    """An engine without a port, empty, by its door."""
    with ByPipe() as endpoint:
        yield DynamoClient(endpoint=endpoint)


class ByPipe:
    """The endpoint of an engine in memory."""

    def __enter__(self) -> str:
        self._client = PipedClient(
            lambda: subprocess.Popen(
                [dynoxide_binary(), "mcp"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        )
        self._door = EngineDoor(self._client)
        return self._door.endpoint

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self._client.child.kill()
        self._client.child.communicate()


def outcome(client: DynamoClient, operation: str, params: Mapping[str, Any]) -> Any:
    """The answer, or the refusal with all that it says."""
    try:
        answer = client.call(operation, params)
    except ClientError as error:
        refused: dict[str, Any] = dict(error.response)
        kept = {name: refused[name] for name in ("CancellationReasons", "Item") if name in refused}
        reasons = [reason.get("Code") for reason in kept.get("CancellationReasons", [])]
        items = [reason.get("Item") for reason in kept.get("CancellationReasons", [])]
        return without_mark([refused["Error"]["Code"], reasons, items, kept.get("Item")])
    return without_mark({name: each for name, each in answer.items() if name != "ResponseMetadata"})


def without_mark(value: Any) -> Any:
    """Without the random mark by which our client knows its own writes again."""
    if isinstance(value, dict):
        return {name: without_mark(each) for name, each in value.items() if name != "_n"}
    return [without_mark(each) for each in value] if isinstance(value, list) else value


def test_every_operation_is_answered_as_it_is_on_a_port(piped_client: DynamoClient) -> None:
    with Engine() as engine:
        ported = DynamoClient(endpoint=engine.endpoint)
        for client in (ported, piped_client):
            client.call("CreateTable", TABLE)
        for operation, params in OPERATIONS:
            answers = [outcome(client, operation, params) for client in (ported, piped_client)]
            assert answers[0] == answers[1], (operation, params)


def test_many_at_once_get_each_their_own_answer(piped_client: DynamoClient) -> None:
    piped_client.call("CreateTable", {**TABLE, "TableName": "crowd"})
    wrong: list[Any] = []

    def work(who: int) -> None:
        for number in range(40):
            item = {**KEY, "sk": {"S": f"{who}-{number}"}, "n": {"N": str(who)}}
            piped_client.call("PutItem", {"TableName": "crowd", "Item": item})
            key = {name: item[name] for name in ("pk", "sk")}
            found = piped_client.call("GetItem", {"TableName": "crowd", "Key": key})
            if found["Item"] != item:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert piped_client.call("Scan", {"TableName": "crowd", "Select": "COUNT"})["Count"] == 320


@pytest.mark.parametrize("path", ["/", "/wrong", "", "/{secret}x", "/{half}"])
def test_nobody_gets_in_without_the_secret(piped_client: DynamoClient, path: str) -> None:
    place = urlsplit(piped_client.endpoint_url)
    secret = place.path.strip("/")
    asked = path.format(secret=secret, half=secret[:20])
    assert _post(place.port, asked or "/", {}) == 403
    assert _post(place.port, place.path, {"Origin": "https://a.example"}) == 403
    assert _post(place.port, place.path, {"Origin": "null"}) == 403
    assert _post(place.port, place.path, {}) == 200


def _post(port: int | None, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        target = {"X-Amz-Target": "DynamoDB_20120810.ListTables", **headers}
        connection.request("POST", path, b"{}", target)
        answer = connection.getresponse()
        body = answer.read()
        assert (b"TableNames" in body) == (answer.status == 200)
        assert answer.getheader("Access-Control-Allow-Origin") is None
        return answer.status
    finally:
        connection.close()


def test_a_preflight_gets_no_leave(piped_client: DynamoClient) -> None:
    place = urlsplit(piped_client.endpoint_url)
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=10)
    connection.request("OPTIONS", place.path, headers={"Origin": "https://a.example"})
    answer = connection.getresponse()
    assert answer.status >= 400
    assert not [name for name, _ in answer.getheaders() if name.lower().startswith("access")]
    connection.close()


def test_a_machine_keeps_its_data_without_a_port_and_revives_its_engine(
    tiny: tuple[LocalFoyer, Notes], tmp_path: Path
) -> None:
    foyer, call_notes = tiny
    foyer._extra.update(PIPED)
    foyer.start()
    assert {address for address, _ in doors_of(foyer.pid)} == {"127.0.0.1"}
    assert "--port" not in json.loads((foyer.data / "run" / "dynamodb.json").read_text())["command"]
    ask(foyer.port, "PUT", "/v1/facts/first")
    until(lambda: len(call_notes("event")) == 1)
    engine = engine_of(foyer)
    os.kill(engine, signal.SIGKILL)
    until(lambda: engine_of(foyer) != engine)
    until(lambda: ask(foyer.port, "PUT", "/v1/facts/second").status == 200)
    foyer.kill9()
    foyer.start()
    assert ask(foyer.port, "GET", "/v1/facts/first").status == 200
    until(lambda: {name_of(record) for record in call_notes("event")} == {"first", "second"})
    assert foyer.stop() == 0

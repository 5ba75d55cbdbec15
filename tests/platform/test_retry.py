"""What is sent again, and what is not, when a service or the network misbehaves."""

from __future__ import annotations

import socket
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from chalicelib.platform.transport import Call, DynamoClient, observe
from chalicelib.platform.transport.botocore_client import BotocoreClient
from chalicelib.platform.transport.pool import Pool
from tests.platform.scripted_server import (
    Act,
    Server,
    answer,
    drip,
    drop,
    half,
    raw,
    refusal,
    serving,
    silence,
)

FOUND = answer({"Item": {"id": {"S": "a"}}})
GET = {"TableName": "things", "Key": {"id": {"S": "a"}}}
PUT = {"TableName": "things", "Item": {"id": {"S": "a"}}}
ONCE = {**PUT, "ConditionExpression": "attribute_not_exists(id)"}
UPDATE = {**GET, "UpdateExpression": "ADD hits :one"}
TRANSACTION = {"TransactItems": [{"Put": PUT}]}

Connect = Callable[..., DynamoClient]


@pytest.fixture
def connect(pool: Pool) -> Connect:
    """A client of a misbehaving server, with short waits."""

    def client(server: Server, budget: float = 5.0, max_attempts: int = 4) -> DynamoClient:
        return DynamoClient(
            endpoint=server.url,
            pool=pool,
            budget=budget,
            backoff_base=0.001,
            max_attempts=max_attempts,
        )

    return client


def _cancellation(*codes: str) -> Act:
    reasons = [{"Code": code, "Message": "m"} for code in codes]
    return refusal("TransactionCanceledException", CancellationReasons=reasons)


@pytest.mark.parametrize(
    "code",
    [
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TransactionConflictException",
        "TransactionInProgressException",
    ],
)
def test_a_passing_refusal_is_tried_again_even_for_an_update(connect: Connect, code: str) -> None:
    with serving(refusal(code), refusal(code), answer({})) as server:
        connect(server).call("UpdateItem", UPDATE)
    assert len(server.requests) == 3
    assert server.connections == 1


@pytest.mark.parametrize(
    "code", ["ConditionalCheckFailedException", "ValidationException", "AccessDeniedException"]
)
def test_a_final_refusal_is_raised_at_once(connect: Connect, code: str) -> None:
    with serving(refusal(code)) as server, pytest.raises(ClientError, match=code):
        connect(server).call("GetItem", GET)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        drop,
        half({"Item": {}}),
        silence,
        refusal("InternalServerError", 500),
        raw(b"HTTP/1.1 503 Slow\r\nContent-Length: 15\r\n\r\n<html>sorry</ht"),
        raw(b"SMTP ready\r\n\r\n"),
        answer({"Item": {"id": {"S": "damaged"}}}, crc=1),
        raw(b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{"a"'),
    ],
)
@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetItem", GET),
        ("TransactWriteItems", TRANSACTION),
        ("PutItem", PUT),
        ("PutItem", ONCE),
        ("UpdateItem", UPDATE),
    ],
)
def test_what_does_no_harm_twice_is_sent_again_after_an_unknown_outcome(
    connect: Connect, trouble: Act, operation: str, params: dict[str, Any]
) -> None:
    with serving(trouble, FOUND) as server:
        found = connect(server).call(operation, params)
    assert found["Item"] == {"id": {"S": "a"}}
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (drop, ConnectionClosedError),
        (silence, ReadTimeoutError),
        (drip, ReadTimeoutError),
        (refusal("InternalServerError", 500), ClientError),
    ],
)
@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("UpdateItem", {**GET, "AttributeUpdates": {}}),
        ("PutItem", {**ONCE, "ReturnValues": "ALL_OLD"}),
        ("DeleteItem", {**GET, "ReturnValues": "ALL_OLD"}),
    ],
)
def test_what_may_do_harm_twice_is_not(
    connect: Connect,
    trouble: Act,
    expected: type[Exception],
    operation: str,
    params: dict[str, Any],
) -> None:
    with serving(trouble) as server, pytest.raises(expected):
        connect(server).call(operation, params)
    assert len(server.requests) == 1


def test_a_transaction_keeps_one_token_over_its_retries_and_each_has_its_own(
    connect: Connect,
) -> None:
    with serving(drop, refusal("TransactionInProgressException"), answer({})) as server:
        connect(server).call("TransactWriteItems", TRANSACTION)
        connect(server).call("TransactWriteItems", TRANSACTION)
        connect(server).call("TransactWriteItems", {**TRANSACTION, "ClientRequestToken": "mine"})
    tokens = [request.json["ClientRequestToken"] for request in server.requests]
    assert len(set(tokens[:3])) == 1
    assert len(set(tokens)) == 3
    assert tokens[4] == "mine"
    assert "ClientRequestToken" not in TRANSACTION


def test_a_conflict_is_tried_again_but_not_beside_a_failed_condition(connect: Connect) -> None:
    conflict = _cancellation("None", "TransactionConflict", "ThrottlingError")
    with serving(conflict, answer({})) as server:
        connect(server).call("TransactWriteItems", TRANSACTION)
    assert len(server.requests) == 2

    refused = _cancellation("TransactionConflict", "ConditionalCheckFailed")
    with serving(refused) as server, pytest.raises(ClientError) as error:
        connect(server).call("TransactWriteItems", TRANSACTION)
    assert len(server.requests) == 1
    reasons: Any = dict(error.value.response)["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == [
        "TransactionConflict",
        "ConditionalCheckFailed",
    ]


def test_a_condition_that_fails_after_a_lost_answer_is_not_called_a_refusal(
    connect: Connect,
) -> None:
    """Our own first attempt may have made it fail."""
    failed = refusal("ConditionalCheckFailedException")
    with serving(drop, failed) as server, pytest.raises(ConnectionClosedError):
        connect(server).call("PutItem", ONCE)
    with serving(refusal("ThrottlingException"), failed) as server, pytest.raises(ClientError):
        connect(server).call("PutItem", ONCE)


def test_trying_ends_with_the_attempts_and_with_the_budget(connect: Connect) -> None:
    throttled = refusal("ThrottlingException")
    with serving(*[throttled] * 9) as server, pytest.raises(ClientError, match="Throttling"):
        connect(server, max_attempts=4).call("GetItem", GET)
    assert len(server.requests) == 4

    started = monotonic()
    with serving(silence, silence, silence) as server, pytest.raises(ReadTimeoutError):
        connect(server, budget=0.8, max_attempts=99).call("GetItem", GET)
    assert monotonic() - started < 2
    assert len(server.requests) < 3


def test_an_answer_that_drips_in_ends_with_the_budget_too(connect: Connect) -> None:
    started = monotonic()
    with serving(drip) as server, pytest.raises(ReadTimeoutError):
        connect(server, budget=0.4).call("GetItem", GET)
    assert monotonic() - started < 2


def test_an_endpoint_that_refuses_connections_is_a_botocore_error(connect: Connect) -> None:
    with socket.socket() as deaf:  # bound, so that nobody else gets the port, but not listening
        deaf.bind(("127.0.0.1", 0))
        server = Server(f"http://127.0.0.1:{deaf.getsockname()[1]}", [])
        with pytest.raises(EndpointConnectionError) as error:
            connect(server).call("UpdateItem", UPDATE)
    assert isinstance(error.value, BotoCoreError)


def test_connections_are_kept_and_one_that_was_closed_meanwhile_is_not_used(
    connect: Connect,
) -> None:
    with serving(FOUND, answer({}, keep=False)) as server:
        client = connect(server)
        client.call("UpdateItem", UPDATE)
        client.call("UpdateItem", UPDATE)
        server.wait_until_closed(1)
        client.call("UpdateItem", UPDATE)
    assert [request.connection for request in server.requests] == [1, 1, 2]


def test_a_connection_that_lay_too_long_is_replaced(connect: Connect) -> None:
    pool = Pool(idle_limit=0.0)
    with serving() as server:
        client = DynamoClient(endpoint=server.url, pool=pool)
        client.call("GetItem", GET)
        client.call("GetItem", GET)
        pool.close()
    assert [request.connection for request in server.requests] == [1, 2]


def test_batches_come_back_whole_or_not_at_all(connect: Connect) -> None:
    puts = [{"PutRequest": {"Item": {"id": {"S": str(number)}}}} for number in range(4)]
    keys = [{"id": {"S": "a"}}, {"id": {"S": "b"}}]

    with serving(
        answer({"UnprocessedItems": {"things": puts[1:]}}),
        answer({"UnprocessedItems": {"things": puts[3:]}}),
        answer({"UnprocessedItems": {}}),
        answer(
            {"Responses": {"things": [keys[0]]}, "UnprocessedKeys": {"things": {"Keys": keys[1:]}}}
        ),
        answer({"Responses": {"things": [keys[1]]}, "UnprocessedKeys": {}}),
    ) as server:
        written = connect(server).call("BatchWriteItem", {"RequestItems": {"things": puts}})
        read = connect(server).call("BatchGetItem", {"RequestItems": {"things": {"Keys": keys}}})
    assert written["UnprocessedItems"] == {}
    assert read["Responses"] == {"things": keys}
    assert read["UnprocessedKeys"] == {}
    sent = [len(request.json["RequestItems"]["things"]) for request in server.requests[:3]]
    assert sent == [4, 3, 1]

    stuck = answer({"UnprocessedItems": {"things": puts}})
    with serving(*[stuck] * 9) as server, pytest.raises(ClientError, match="4 UnprocessedItems"):
        connect(server).call("BatchWriteItem", {"RequestItems": {"things": puts}})


def test_an_observer_counts_the_attempts_of_a_call(connect: Connect) -> None:
    calls: list[Call] = []
    capacity = {"TableName": "things", "CapacityUnits": 1.5}
    with (
        serving(drop, answer({"ConsumedCapacity": capacity})) as server,
        observe(calls.append),
    ):
        connect(server).call("GetItem", GET)
    assert [(call.attempts, call.read_units, call.error) for call in calls] == [(2, 1.5, None)]
    assert [request.json["ReturnConsumedCapacity"] for request in server.requests] == [
        "INDEXES",
        "INDEXES",
    ]


def test_botocores_client_repeats_what_the_thin_one_does_and_no_more() -> None:
    conflict = _cancellation("TransactionConflict")
    with serving(conflict, drop, answer({})) as server:
        BotocoreClient(endpoint=server.url).call("TransactWriteItems", TRANSACTION)
    assert len({request.json["ClientRequestToken"] for request in server.requests}) == 1
    assert len(server.requests) == 3

    with serving(drop) as server, pytest.raises(ConnectionClosedError):
        BotocoreClient(endpoint=server.url).call("UpdateItem", {**GET, "AttributeUpdates": {}})
    assert len(server.requests) == 1

"""Queues on AWS: what is put there arrives, and what failed rests as long as it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from chalicelib import queues as entry
from chalicelib.platform import queues, sdk
from chalicelib.platform.config import config
from chalicelib.platform.queues import Message

MESSAGE = Message("ws_1", "evt_unheard_of", "nobody")


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An account with the lane's queue."""
    base = f"https://sqs.{sdk.region()}.amazonaws.com/{DEFAULT_ACCOUNT_ID}/foyer-"
    monkeypatch.setenv("FOYER_QUEUES", base)
    config.cache_clear()
    monkeypatch.setattr(sdk, "_clients", {})
    with mock_aws():
        client = sdk.client("sqs", endpoint_url=f"https://sqs.{sdk.region()}.amazonaws.com")
        client.create_queue(QueueName="foyer-mail", Attributes={"VisibilityTimeout": "360"})
        yield client
    monkeypatch.undo()
    config.cache_clear()


def receive(sqs: Any) -> dict[str, Any]:
    """The one message, as Lambda hands it on."""
    url = f"{config().queues}mail"
    (message,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{sdk.region()}:{DEFAULT_ACCOUNT_ID}:foyer-mail",
        "awsRegion": sdk.region(),
    }


def test_a_message_that_fails_rests_a_minute_at_first(sqs: Any) -> None:
    queues.put("mail", MESSAGE)
    record = receive(sqs)
    assert record["attributes"]["MessageGroupId"] == "ws_1"
    answer = entry.handle({"Records": [record]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
    (queue,) = sqs_backends[DEFAULT_ACCOUNT_ID][sdk.region()].queues.values()
    (message,) = queue._messages
    assert 50 < message.visible_at / 1000 - time.time() < 70

"""Events in the failure queue: Lambda describes there which records no run of the consumer took.

Shape of a message: docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html. The stream
has those records for a day. After it the outbox's rows are asked, by the time at which they came:
some that came beside them are then seen again, which reactions bear.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError

_BESIDE = timedelta(seconds=2)
_PAGE = 50
_write = TypeSerializer().serialize


class Failures:
    """One stage's failure queue, and the consumer that its records are for."""

    def __init__(self, session: Any, prefix: str) -> None:
        self._sqs = session.client("sqs")
        self._streams = session.client("dynamodbstreams")
        self._dynamodb = session.client("dynamodb")
        self._lambda = session.client("lambda")
        self._prefix = prefix
        self._url = str(self._sqs.get_queue_url(QueueName=f"{prefix}-failures")["QueueUrl"])

    def waiting(self) -> int:
        """About how many messages there are."""
        names = ["ApproximateNumberOfMessages"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return int(answer["Attributes"][names[0]])

    def redeliver(self) -> int:
        """Give the events to the consumer again; how many it took.

        A message goes once all of it was taken. Runs of the clock have nothing to bring back: the
        next minute did what they didn't.
        """
        taken = 0
        for message in self._messages():
            batch = json.loads(message["Body"]).get("DDBStreamBatchInfo")
            records = list(self._records(batch)) if batch else []
            if all(self._was_taken(records[n : n + _PAGE]) for n in range(0, len(records), _PAGE)):
                taken += len(records)
                handle = message["ReceiptHandle"]
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=handle)
        return taken

    def _messages(self) -> Iterator[dict[str, Any]]:
        while messages := self._sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, VisibilityTimeout=300
        ).get("Messages"):
            yield from messages

    def _records(self, batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
        try:
            yield from self._from_stream(batch)
        except ClientError as error:
            gone = {"TrimmedDataAccessException", "ResourceNotFoundException"}
            if error.response["Error"]["Code"] not in gone:
                raise
            yield from self._from_outbox(batch)

    def _from_stream(self, batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
        last = int(batch["endSequenceNumber"])
        place = self._streams.get_shard_iterator(
            StreamArn=batch["streamArn"],
            ShardId=batch["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch["startSequenceNumber"],
        )["ShardIterator"]
        while place:
            page = self._streams.get_records(ShardIterator=place)
            for record in page["Records"]:
                number = record["dynamodb"]["SequenceNumber"]
                if int(number) > last:
                    return
                yield _record(record["eventName"], number, record["dynamodb"].get("NewImage"))
                if int(number) == last:
                    return
            place = page.get("NextShardIterator")

    def _from_outbox(self, batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
        first = _instant(batch["approximateArrivalOfFirstRecord"]) - _BESIDE
        last = _instant(batch["approximateArrivalOfLastRecord"]) + _BESIDE
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=f"{self._prefix}-outbox",
            FilterExpression="#at BETWEEN :first AND :last",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={
                ":first": _write(_to_text(first)),
                ":last": _write(_to_text(last)),
            },
        )
        for page in pages:
            for item in page["Items"]:
                yield _record("INSERT", item["id"]["S"], item)

    def _was_taken(self, records: list[dict[str, Any]]) -> bool:
        answer = self._lambda.invoke(
            FunctionName=f"{self._prefix}-outbox", Payload=json.dumps({"Records": records})
        )
        if "FunctionError" in answer:
            return False
        return not json.loads(answer["Payload"].read())["batchItemFailures"]


def _record(name: str, number: str, image: Any) -> dict[str, Any]:
    """As Lambda hands it to the consumer, as far as that looks."""
    return {"eventName": name, "dynamodb": {"SequenceNumber": number, "NewImage": image}}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _to_text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

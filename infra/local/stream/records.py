"""A table's stream, read shard by shard from where the last run came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import ClientError

from infra.local.data.folder import read_whole, write_whole
from infra.local.settings import REGION

Record = dict[str, Any]
_AT_ONCE = 1000
_LOOK_FOR_SHARDS_EVERY = 200
_LOST_PLACE = frozenset({"ExpiredIteratorException", "TrimmedDataAccessException"})


def checkpoints(checkpoint: Path) -> dict[str, str]:
    """The last sequence number done with, by shard; nothing when there is no such file."""
    saved = read_whole(checkpoint)
    return dict(saved["shards"]) if isinstance(saved, dict) else {}


class Client(Protocol):
    """As much of a DynamoDB Streams client as is asked of it here."""

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Do one operation; raises botocore's ClientError when refused."""


class Stream:
    """The records of one table's stream, with a checkpoint per shard in a file."""

    def __init__(self, client: Client, table: str, checkpoint: Path) -> None:
        self._client = client
        self._table = table
        self._checkpoint = checkpoint
        self._arn = ""
        self._checkpoints: dict[str, str] = {}
        self._iterators: dict[str, str | None] = {}
        self._reads = 0

    def read(self) -> Iterator[tuple[str, list[Record]]]:
        """What each shard holds beyond its place, as Lambda's records, oldest first."""
        if not self._arn:
            self._open()
        if self._reads % _LOOK_FOR_SHARDS_EVERY == 0:
            self._look_for_shards()
        self._reads += 1
        for shard, iterator in list(self._iterators.items()):
            if iterator is not None:
                records = self._read_shard(shard, iterator)
                if records:
                    yield shard, records

    def keep(self, shard: str, sequence_number: str) -> None:
        """Everything up to here is done: the next run begins after it."""
        self._checkpoints[shard] = sequence_number
        write_whole(self._checkpoint, {"stream": self._arn, "shards": self._checkpoints})

    def _open(self) -> None:
        table = self._client.call("DescribeTable", {"TableName": self._table})["Table"]
        self._arn = table["LatestStreamArn"]
        saved = read_whole(self._checkpoint)
        if isinstance(saved, dict) and saved.get("stream") == self._arn:
            self._checkpoints = dict(saved["shards"])

    def _look_for_shards(self) -> None:
        params: dict[str, Any] = {"StreamArn": self._arn}
        while True:
            described = self._client.call("DescribeStream", params)["StreamDescription"]
            for shard in described["Shards"]:
                if shard["ShardId"] not in self._iterators:
                    self._iterators[shard["ShardId"]] = self._iterator(shard["ShardId"])
            if "LastEvaluatedShardId" not in described:
                return
            params["ExclusiveStartShardId"] = described["LastEvaluatedShardId"]

    def _iterator(self, shard: str) -> str:
        place: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
        if shard in self._checkpoints:
            place = {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "SequenceNumber": self._checkpoints[shard],
            }
        params = {"StreamArn": self._arn, "ShardId": shard, **place}
        try:
            return str(self._client.call("GetShardIterator", params)["ShardIterator"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "TrimmedDataAccessException":
                raise
        # The checkpoint is older than what the stream keeps: begin with the oldest it has.
        del self._checkpoints[shard]
        return self._iterator(shard)

    def _read_shard(self, shard: str, iterator: str) -> list[Record]:
        try:
            answer = self._client.call("GetRecords", {"ShardIterator": iterator, "Limit": _AT_ONCE})
        except ClientError as error:
            if error.response["Error"]["Code"] not in _LOST_PLACE:
                raise
            self._iterators[shard] = self._iterator(shard)
            return []
        self._iterators[shard] = answer.get("NextShardIterator")
        return [self._to_lambda_record(record) for record in answer.get("Records", [])]

    def _to_lambda_record(self, record: Record) -> Record:
        event = {
            "eventID": record["eventID"],
            "eventName": record["eventName"],
            "eventVersion": record.get("eventVersion", "1.1"),
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": record["dynamodb"],
            "eventSourceARN": self._arn,
        }
        if "userIdentity" in record:  # set for what TTL removed
            event["userIdentity"] = record["userIdentity"]
        return event

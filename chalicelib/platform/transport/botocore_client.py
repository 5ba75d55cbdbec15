"""The same calls through the ordinary SDK, for FOYER_TRANSPORT=boto3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from chalicelib.platform import sdk
from chalicelib.platform.transport.calls import Calls
from chalicelib.platform.transport.pool import CONNECT_TIMEOUT, READ_TIMEOUT
from chalicelib.platform.transport.retry import Patience


class BotocoreClient(Calls):
    """Put on the wire and signed by botocore; what is sent again is decided as for the thin client.

    Times (DescribeTable, a stream's records) come as `datetime`, which is botocore's way.
    """

    def __init__(self, *, endpoint: str | None = None) -> None:
        super().__init__()
        self._endpoint = endpoint

    @property
    def endpoint_url(self) -> str:
        return str(self._client("dynamodb").meta.endpoint_url)

    def _send(
        self,
        operation: str,
        params: Mapping[str, Any],
        patience: Patience,  # noqa: ARG002 (botocore keeps time itself)
    ) -> dict[str, Any]:
        client = self._client("dynamodbstreams" if is_of_streams(operation) else "dynamodb")
        answer: dict[str, Any] = client._make_api_call(operation, dict(params))
        return answer

    def _client(self, name: str) -> Any:
        return sdk.client(
            name,
            endpoint_url=self._endpoint,
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retries={"mode": "standard", "total_max_attempts": 1},
            # What is valid is the service's to say: dynoxide's shard ids, for one, are shorter
            # than botocore's model allows.
            parameter_validation=False,
        )


def is_of_streams(operation: str) -> bool:
    """Whether an operation belongs to DynamoDB Streams, another API on another host."""
    return operation in {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}


def post_to_connection(url: str, body: bytes) -> int:
    """POST to `<endpoint>/@connections/<id>` through the SDK; the HTTP status."""
    endpoint, _, connection_id = url.rpartition("/@connections/")
    client = sdk.client("apigatewaymanagementapi", endpoint_url=endpoint)
    try:
        answer = client.post_to_connection(ConnectionId=unquote(connection_id), Data=body)
    except ClientError as error:
        answer = error.response
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])

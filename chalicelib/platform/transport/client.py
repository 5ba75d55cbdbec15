"""DynamoDB and socket calls without botocore's client: see docs/decisions/0002-thin-transport.md.

`install()` puts it under PynamoDB, `call()` is for our own code, `post_signed()` pushes to
sockets, `observe()` watches. FOYER_TRANSPORT=boto3 sends all of it through the ordinary SDK.

What is sent again after a failure, and for how long, is said in `calls` and `retry`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from zlib import crc32

from botocore.exceptions import BotoCoreError, ConnectionClosedError
from pynamodb.connection.base import Connection

from chalicelib.platform import sdk
from chalicelib.platform.observability.observe import Call, observe
from chalicelib.platform.transport import wire
from chalicelib.platform.transport.botocore_client import (
    BotocoreClient,
    is_of_streams,
    post_to_connection,
)
from chalicelib.platform.transport.calls import Calls
from chalicelib.platform.transport.credentials import current_credentials
from chalicelib.platform.transport.http1 import Response
from chalicelib.platform.transport.pool import Pool
from chalicelib.platform.transport.retry import (
    BACKOFF_BASE,
    BACKOFF_CAP,
    BUDGET,
    MAX_ATTEMPTS,
    Outcome,
    Patience,
    outcome,
)
from chalicelib.platform.transport.sigv4 import sign

__all__ = ["Call", "DynamoClient", "call", "connection_url", "install", "observe", "post_signed"]

POST_BUDGET = 3.0
"""Seconds to reach one socket: a hint that late is no use, its client asks again anyway."""
POST_ATTEMPTS = 4
PARAMETER_BUDGET = 3.0
"""Seconds to read a parameter: SSM allows forty reads a second, so many cold starts may queue."""
POST_AGAIN = frozenset({429, 500, 502, 503, 504})
_pool = Pool()


class DynamoClient(Calls):
    """DynamoDB and DynamoDB Streams over kept-alive, signed HTTP. Safe to share among threads.

    Without `endpoint`, FOYER_DYNAMODB_ENDPOINT or AWS's own over https. `pool` has the timeouts
    for connecting and reading; the process shares one unless another is given.
    """

    def __init__(
        self,
        *,
        endpoint: str | None = None,
        pool: Pool | None = None,
        budget: float = BUDGET,
        backoff_base: float = BACKOFF_BASE,
        backoff_cap: float = BACKOFF_CAP,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        super().__init__(
            budget=budget,
            backoff_base=backoff_base,
            backoff_cap=backoff_cap,
            max_attempts=max_attempts,
        )
        self._endpoint = endpoint
        self._pool = pool or _pool

    @property
    def endpoint_url(self) -> str:
        return self._url("")

    def _send(
        self, operation: str, params: Mapping[str, Any], patience: Patience
    ) -> dict[str, Any]:
        version = "DynamoDBStreams_20120810" if is_of_streams(operation) else "DynamoDB_20120810"
        target = f"{version}.{operation}"
        return _request(
            "dynamodb", "1.0", self._url(operation), target, params, self._pool, patience
        )

    def _url(self, operation: str) -> str:
        endpoint = self._endpoint or os.environ.get("FOYER_DYNAMODB_ENDPOINT")
        if endpoint:
            return endpoint
        return _aws_url("streams.dynamodb" if is_of_streams(operation) else "dynamodb")


class ParameterClient(Calls):
    """SSM's parameters, read as DynamoDB is: a tenth of a second less than by boto3."""

    @property
    def endpoint_url(self) -> str:
        return os.environ.get("FOYER_SSM_ENDPOINT") or _aws_url("ssm")

    def _send(
        self, operation: str, params: Mapping[str, Any], patience: Patience
    ) -> dict[str, Any]:
        target = f"AmazonSSM.{operation}"
        return _request("ssm", "1.1", self.endpoint_url, target, params, _pool, patience)


def install() -> None:
    """Make PynamoDB's models call through here; may be called more than once.

    Of a model's Meta only `host` is heeded; region, keys and timeouts are ours.
    """
    # mypy sees a read-only property; replacing it on the class is the point.
    Connection.client = property(_client_under)  # type: ignore[method-assign, assignment]


def call(
    operation: str, params: Mapping[str, Any], *, budget: float | None = None
) -> dict[str, Any]:
    """Do one operation of DynamoDB or DynamoDB Streams: `call("GetItem", {"TableName": …})`.

    Shapes are the API reference's, with binary values as `bytes`; `budget` is in seconds. See
    `Calls.call` for what it raises, and its module for what is sent again.
    """
    return _client().call(operation, params, budget=budget)


def parameter(name: str) -> str:
    """The value of an SSM parameter, decrypted. Repeated for at most `PARAMETER_BUDGET` seconds.

    Raises:
        ClientError, BotoCoreError: It isn't there, isn't for us, or SSM isn't.
    """
    client = ParameterClient(budget=PARAMETER_BUDGET)
    answer = client.call("GetParameter", {"Name": name, "WithDecryption": True})
    return str(answer["Parameter"]["Value"])


def connection_url(endpoint: str, connection_id: str) -> str:
    """Where to POST for a socket; API Gateway's ids end in `=`, which has to be encoded."""
    return f"{endpoint}/@connections/{quote(connection_id, safe='')}"


def post_signed(
    url: str, body: bytes, service: str = "execute-api", *, budget: float = POST_BUDGET
) -> int:
    """POST to a percent-encoded URL; the HTTP status: 200, 410 when the socket is gone, 4xx.

    Sent up to 4 times in `budget` seconds after 429, 5xx and broken connections, so a socket may
    get the same frame twice; the last status is returned.

    Raises:
        BotoCoreError: No answer from the endpoint.
    """
    if _uses_boto3() and service == "execute-api":
        return post_to_connection(url, body)
    patience = Patience(budget, max_attempts=POST_ATTEMPTS)
    while True:
        try:
            status = _post_once(url, body, service, patience)
            if status not in POST_AGAIN or not patience.wait():
                return status
        except BotoCoreError as error:
            if outcome(error) is Outcome.FINAL:
                raise
            patience.wait_or_raise(error)


def _post_once(url: str, body: bytes, service: str, patience: Patience) -> int:
    headers = sign(
        "POST",
        url,
        {"Content-Type": "application/octet-stream"},
        body,
        current_credentials(),
        sdk.region(),
        service,
        datetime.now(UTC),
    )
    return _pool.exchange("POST", url, headers, body, patience.deadline).status


def _request(
    service: str,
    version: str,
    url: str,
    target: str,
    params: Mapping[str, Any],
    pool: Pool,
    patience: Patience,
) -> dict[str, Any]:
    """One signed request of AWS's JSON protocol, `version` 1.0 or 1.1, and its answer."""
    body = wire.encode(params)
    content = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": target}
    headers = sign(
        "POST", url, content, body, current_credentials(), sdk.region(), service, datetime.now(UTC)
    )
    response = pool.exchange("POST", url, headers, body, patience.deadline)
    return _answer(target.rpartition(".")[2], url, response, patience.attempts - 1)


def _aws_url(host: str) -> str:
    region = sdk.region()
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{host}.{region}.{domain}/"


def _uses_boto3() -> bool:
    return os.environ.get("FOYER_TRANSPORT") == "boto3"


def _client_under(connection: Connection) -> Calls:
    return _client(connection.host)


def _client(endpoint: str | None = None) -> Calls:
    return _make_client(_uses_boto3(), endpoint)


@lru_cache(maxsize=32)
def _make_client(by_boto3: bool, endpoint: str | None) -> Calls:
    return BotocoreClient(endpoint=endpoint) if by_boto3 else DynamoClient(endpoint=endpoint)


def _answer(operation: str, url: str, response: Response, retries: int) -> dict[str, Any]:
    """The answer's content.

    Raises:
        ClientError: It says no.
        ConnectionClosedError: It was damaged on its way.
    """
    status, headers, body, _ = response
    checksum = headers.get("x-amz-crc32")
    if checksum and checksum != str(crc32(body)):
        raise ConnectionClosedError(endpoint_url=url, error="checksum")
    if status != 200:
        raise wire.client_error(operation, status, headers, body, retries)
    try:
        answer = wire.decode(body)
    except ValueError as error:
        raise ConnectionClosedError(endpoint_url=url, error=error) from error
    answer["ResponseMetadata"] = wire.metadata(status, headers, retries)
    return answer

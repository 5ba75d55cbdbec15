"""The events that AWS hands to the application's functions, field by field.

Shapes: API Gateway's developer guide, "Lambda proxy integrations" (REST, payload format 1.0) and
"WebSocket API mapping template reference"; Lambda's guide for schedules and queues. tests/local
compares them with AWS's published samples.
"""

from __future__ import annotations

import hashlib
import os
import time
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from infra.local.context import ACCOUNT
from infra.local.gateway.routes import Match
from infra.local.settings import REGION

STAGE = "api"
API_ID = "local"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/foyer-every-minute"
# Between the hops, or answered by API Gateway itself: they never reach a function.
_HOP_BY_HOP = frozenset(
    {b"connection", b"content-length", b"expect", b"keep-alive", b"proxy-connection"}
    | {b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
_NO_IDENTITY = dict.fromkeys(
    (
        *("accessKey", "accountId", "caller", "principalOrgId", "user", "userArn"),
        *("cognitoAuthenticationProvider", "cognitoAuthenticationType"),
        *("cognitoIdentityId", "cognitoIdentityPoolId"),
    )
)

RawHeaders = Iterable[tuple[bytes, bytes]]
Values = dict[str, list[str]]


def rest_event(
    *,
    method: str,
    path: str,
    match: Match,
    query: bytes,
    headers: RawHeaders,
    body: bytes,
    binary: bool,
    source_ip: str,
    port: int,
    scheme: str = "https",
) -> dict[str, Any]:
    """A REST API's proxy event, payload format 1.0. `path` is raw; `binary` bodies go as base64."""
    now = time.time()
    request_id = new_request_id()
    values = header_values(headers)
    _add_forwarding(values, source_ip, port, scheme)
    queries = _query_values(query)
    host = values.get("Host", [""])[-1]
    return {
        "resource": match.resource,
        "path": path,
        "httpMethod": method,
        "headers": _last(values),
        "multiValueHeaders": values,
        "queryStringParameters": _last(queries) or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": match.parameters,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "deploymentId": API_ID,
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "extendedRequestId": _short_id(),
            "httpMethod": method,
            "identity": {
                **_NO_IDENTITY,
                "sourceIp": source_ip,
                "userAgent": values.get("User-Agent", [None])[-1],
            },
            "path": f"/{STAGE}{path}",
            "protocol": "HTTP/1.1",
            "requestId": request_id,
            "requestTime": _clf_time(int(now)),
            "requestTimeEpoch": int(now * 1000),
            "resourceId": "local",
            "resourcePath": match.resource,
            "stage": STAGE,
        },
        "body": _body(body, binary),
        "isBase64Encoded": binary and bool(body),
    }


def connect_event(
    connection: Mapping[str, Any],
    headers: RawHeaders,
    query: bytes,
    port: int,
    scheme: str = "https",
) -> dict[str, Any]:
    """A socket wants to open. `connection` is the part of the context that stays the same."""
    values = header_values(headers, socket=True)
    _add_forwarding(values, connection["identity"]["sourceIp"], port, scheme)
    queries = _query_values(query)
    event: dict[str, Any] = {"headers": _last(values), "multiValueHeaders": values}
    if queries:
        event["queryStringParameters"] = _last(queries)
        event["multiValueQueryStringParameters"] = queries
    event["requestContext"] = _socket_context(connection, "$connect", "CONNECT")
    event["isBase64Encoded"] = False
    return event


def message_event(connection: Mapping[str, Any], body: str | bytes) -> dict[str, Any]:
    """A frame came in; binary ones go as base64."""
    binary = isinstance(body, bytes)
    context = _socket_context(connection, "$default", "MESSAGE")
    context["messageId"] = _short_id()
    return {
        "requestContext": context,
        "body": b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": binary,
    }


def disconnect_event(connection: Mapping[str, Any], code: int, reason: str) -> dict[str, Any]:
    """A socket has closed, with the close frame's code (1005 without one) and reason."""
    values: Values = {
        "Host": [str(connection["domainName"])],
        "x-api-key": [""],
        "X-Forwarded-For": [""],
        "x-restapi": [""],
    }
    context = _socket_context(connection, "$disconnect", "DISCONNECT")
    context["disconnectStatusCode"] = code
    context["disconnectReason"] = reason
    return {
        "headers": _last(values),
        "multiValueHeaders": values,
        "requestContext": context,
        "isBase64Encoded": False,
    }


def schedule_event(now: datetime) -> dict[str, Any]:
    """What an EventBridge rule sends at its time."""
    return {
        "version": "0",
        "id": new_request_id(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [RULE],
        "detail": {},
    }


def queue_event(
    queue: str, message_id: str, body: str, receives: int, *, group: str
) -> dict[str, Any]:
    """One message of a queue: docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    now = str(int(time.time() * 1000))
    return {
        "Records": [
            {
                "messageId": message_id,
                "receiptHandle": message_id,
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": str(receives),
                    "SentTimestamp": now,
                    "SenderId": ACCOUNT,
                    "ApproximateFirstReceiveTimestamp": now,
                    "MessageGroupId": group,
                },
                "messageAttributes": {},
                "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
        ]
    }


def new_connection(source_ip: str, user_agent: str | None, host: str) -> dict[str, Any]:
    """What every event of one socket says about it. Times are in epoch milliseconds."""
    return {
        "connectionId": _short_id(),
        "connectedAt": int(time.time() * 1000),
        "domainName": host,
        "apiId": API_ID,
        "stage": STAGE,
        "identity": {"sourceIp": source_ip, "userAgent": user_agent},
    }


def new_request_id() -> str:
    """A random UUID; `uuid.uuid4` takes the same bytes and twice the time to check them."""
    return str(UUID(bytes=os.urandom(16), version=4))


def header_values(headers: RawHeaders, *, socket: bool = False) -> Values:
    """Header name, capitalised as AWS's samples are → its values, in order."""
    values: Values = {}
    for name, value in headers:
        if name not in _HOP_BY_HOP:
            values.setdefault(_capitalise(name, socket), []).append(value.decode("latin-1"))
    return values


def _socket_context(connection: Mapping[str, Any], route: str, kind: str) -> dict[str, Any]:
    now = time.time()
    request_id = _short_id()
    return {
        **connection,
        "routeKey": route,
        "eventType": kind,
        "messageDirection": "IN",
        "requestId": request_id,
        "extendedRequestId": request_id,
        "requestTime": _clf_time(int(now)),
        "requestTimeEpoch": int(now * 1000),
    }


def _add_forwarding(values: Values, source_ip: str, port: int, scheme: str) -> None:
    earlier = values.get("X-Forwarded-For", [])
    values["X-Forwarded-For"] = [", ".join([*earlier, source_ip])]
    values["X-Forwarded-Port"] = [str(port)]
    values["X-Forwarded-Proto"] = ["https" if scheme in ("https", "wss") else "http"]
    if "X-Amzn-Trace-Id" not in values:
        values["X-Amzn-Trace-Id"] = [f"Root=1-{int(time.time()):08x}-{os.urandom(12).hex()}"]


def _query_values(query: bytes) -> Values:
    values: Values = {}
    if query:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="replace")
        for name, value in pairs:
            values.setdefault(name, []).append(value)
    return values


def _last(values: Values) -> dict[str, str]:
    return {name: each[-1] for name, each in values.items()}


def _body(body: bytes, binary: bool) -> str | None:
    if not body:
        return None
    return b64encode(body).decode() if binary else body.decode("utf-8", "replace")


def _short_id() -> str:
    """As API Gateway's own: eleven bytes in base64, so it ends in `=`."""
    return b64encode(os.urandom(11), b"-_").decode()


@lru_cache(maxsize=1024)
def _capitalise(name: bytes, socket: bool) -> str:
    text = "-".join(part.capitalize() for part in name.decode("latin-1").split("-"))
    return text.replace("Sec-Websocket-", "Sec-WebSocket-") if socket else text


@lru_cache(maxsize=4)
def _clf_time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")

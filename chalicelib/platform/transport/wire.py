"""DynamoDB's JSON 1.0: what goes out, what comes back, and errors in botocore's shape.

Numbers stay strings, binary values are `bytes` on our side and base64 on the wire, and times
(as in DescribeTable or a stream's records) stay seconds since 1970.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import msgspec
from botocore.exceptions import ClientError

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Any])
_may_hold_binary = re.compile(rb'"BS?"\s*:').search


def encode(params: Mapping[str, Any]) -> bytes:
    """The request body; `bytes` become base64.

    Raises:
        ValueError: A text holds half of a surrogate pair, which UTF-8 and so DynamoDB can't.
    """
    try:
        return _encoder.encode(params)
    except UnicodeEncodeError as error:
        raise ValueError(
            f"DynamoDB can't hold this text: {error.object[error.start]!a} at {error.start} is "
            "half of a surrogate pair"
        ) from error


def decode(body: bytes) -> dict[str, Any]:
    """A response body, base64 made `bytes` wherever an attribute value says B or BS.

    Raises:
        ValueError: It is no JSON object.
    """
    if not body:
        return {}
    answer = _decoder.decode(body)
    if _may_hold_binary(body):
        _reveal_binary(answer)
    return answer


def client_error(
    operation: str, status: int, headers: Mapping[str, str], body: bytes, retries: int
) -> ClientError:
    """An error answer as botocore would raise it, for callers that look inside.

    `response` has Error.Code, Error.Message, ResponseMetadata, and what the error brings along:
    CancellationReasons, or the Item that failed a condition.
    """
    try:
        details = decode(body)
    except ValueError:  # a proxy's HTML, or half an answer
        details = {}
    kind = details.pop("__type", None) or headers.get("x-amzn-errortype") or str(status)
    message = details.pop("message", None) or details.pop("Message", None) or ""
    response: Any = {
        "Error": {"Code": error_code(str(kind)), "Message": str(message)},
        "ResponseMetadata": metadata(status, headers, retries),
        **details,
    }
    return ClientError(response, operation)


def error_code(kind: str) -> str:
    """`ThrottlingException` of `com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…`."""
    return kind.rpartition("#")[2].partition(":")[0]


def metadata(status: int, headers: Mapping[str, str], retries: int) -> dict[str, Any]:
    """What botocore adds to each answer as ResponseMetadata."""
    return {
        "RequestId": headers.get("x-amzn-requestid", ""),
        "HTTPStatusCode": status,
        "HTTPHeaders": headers,
        "RetryAttempts": retries,
    }


def _reveal_binary(node: Any) -> None:
    """Decode in place each `{"B": text}` and `{"BS": [text, …]}`, however deep.

    An attribute, index or table called B is no danger: its value is a map, not text.
    """
    if isinstance(node, list):
        for child in node:
            _reveal_binary(child)
    elif isinstance(node, dict):
        for name, child in node.items():
            if name == "B" and isinstance(child, str):
                node[name] = b64decode(child)
            elif name == "BS" and isinstance(child, list):
                node[name] = [b64decode(text) for text in child]
            else:
                _reveal_binary(child)

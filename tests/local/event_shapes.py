"""The fields of AWS's events and their kinds, as its documentation lists them.

Sources, all read in their current edition: API Gateway developer guide, "Lambda proxy
integrations" (input format, payload 1.0) and "WebSocket APIs: $connect, $disconnect"; the Lambda
guide's samples for DynamoDB Streams and for EventBridge schedules.
"""

from __future__ import annotations

from types import NoneType
from typing import Any

TEXT, NUMBER, FLAG, NOTHING = str, int, bool, NoneType
TEXTS = {"*": TEXT}
LISTS = {"*": [TEXT]}

IDENTITY = {
    "accessKey": NOTHING,
    "accountId": NOTHING,
    "caller": NOTHING,
    "cognitoAuthenticationProvider": NOTHING,
    "cognitoAuthenticationType": NOTHING,
    "cognitoIdentityId": NOTHING,
    "cognitoIdentityPoolId": NOTHING,
    "principalOrgId": NOTHING,
    "sourceIp": TEXT,
    "user": NOTHING,
    "userAgent": TEXT,
    "userArn": NOTHING,
}
REST = {
    "resource": TEXT,
    "path": TEXT,
    "httpMethod": TEXT,
    "headers": TEXTS,
    "multiValueHeaders": LISTS,
    "queryStringParameters": TEXTS,
    "multiValueQueryStringParameters": LISTS,
    "pathParameters": TEXTS,
    "stageVariables": NOTHING,
    "requestContext": {
        "accountId": TEXT,
        "apiId": TEXT,
        "deploymentId": TEXT,
        "domainName": TEXT,
        "domainPrefix": TEXT,
        "extendedRequestId": TEXT,
        "httpMethod": TEXT,
        "identity": IDENTITY,
        "path": TEXT,
        "protocol": TEXT,
        "requestId": TEXT,
        "requestTime": TEXT,
        "requestTimeEpoch": NUMBER,
        "resourceId": TEXT,
        "resourcePath": TEXT,
        "stage": TEXT,
    },
    "body": TEXT,
    "isBase64Encoded": FLAG,
}
SOCKET_CONTEXT = {
    "routeKey": TEXT,
    "eventType": TEXT,
    "extendedRequestId": TEXT,
    "requestTime": TEXT,
    "messageDirection": TEXT,
    "stage": TEXT,
    "connectedAt": NUMBER,
    "requestTimeEpoch": NUMBER,
    "identity": {"sourceIp": TEXT, "userAgent": TEXT},
    "requestId": TEXT,
    "domainName": TEXT,
    "connectionId": TEXT,
    "apiId": TEXT,
}
CONNECT = {
    "headers": TEXTS,
    "multiValueHeaders": LISTS,
    "queryStringParameters": TEXTS,
    "multiValueQueryStringParameters": LISTS,
    "requestContext": SOCKET_CONTEXT,
    "isBase64Encoded": FLAG,
}
MESSAGE = {
    "requestContext": {**SOCKET_CONTEXT, "messageId": TEXT},
    "body": TEXT,
    "isBase64Encoded": FLAG,
}
DISCONNECT = {
    "headers": TEXTS,
    "multiValueHeaders": LISTS,
    "requestContext": {
        **SOCKET_CONTEXT,
        "disconnectStatusCode": NUMBER,
        "disconnectReason": TEXT,
    },
    "isBase64Encoded": FLAG,
}
SCHEDULE = {
    "version": TEXT,
    "id": TEXT,
    "detail-type": TEXT,
    "source": TEXT,
    "account": TEXT,
    "time": TEXT,
    "region": TEXT,
    "resources": [TEXT],
    "detail": {},
}
STREAM_RECORD = {
    "eventID": TEXT,
    "eventName": TEXT,
    "eventVersion": TEXT,
    "eventSource": TEXT,
    "awsRegion": TEXT,
    "eventSourceARN": TEXT,
    "dynamodb": {
        "ApproximateCreationDateTime": float,
        "Keys": {"*": TEXTS},
        "NewImage": {"*": TEXTS},
        "SequenceNumber": TEXT,
        "SizeBytes": NUMBER,
        "StreamViewType": TEXT,
    },
}


def differences(value: Any, shape: Any, path: str = "") -> list[str]:
    """Where a value is not of a shape: fields missing, too many, or of another kind."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no map"]
        if set(shape) == {"*"}:
            each = shape["*"]
            return [d for name in value for d in differences(value[name], each, f"{path}.{name}")]
        wrong = [f"{path}.{name} is missing" for name in shape.keys() - value.keys()]
        wrong += [f"{path}.{name} is too much" for name in value.keys() - shape.keys()]
        for name in shape.keys() & value.keys():
            wrong += differences(value[name], shape[name], f"{path}.{name}")
        return wrong
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no list"]
        return [d for each in value for d in differences(each, shape[0], f"{path}[]")]
    return [] if type(value) is shape else [f"{path}: {value!r} is no {shape.__name__}"]
